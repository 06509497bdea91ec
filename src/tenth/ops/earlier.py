"""How often the last 1, 2, ... tokens stood earlier in the window, and what followed them then.

Shapes: B sequences, L tokens known of each, of which the last S ask; P windows.
"""

import torch
import torch.nn.functional as F
from torch import Tensor


def matches(known_BL: Tensor, seq: int, windows: tuple[int, ...], farthest: int) -> list[Tensor]:
    """For each window length, (B, S, L): did the same tokens end at that earlier place?"""
    L = known_BL.size(1)
    place_L = torch.arange(L, device=known_BL.device)
    distance_SL = place_L[-seq:, None] - place_L
    reachable_SL = (distance_SL > 0) & (distance_SL < farthest)
    same_BSL = reachable_SL & (known_BL >= 0)[:, None]
    found = []
    for back in range(windows[-1]):
        earlier_BL = F.pad(known_BL, (back, 0), value=-1)[:, :L]
        same_BSL = same_BSL & (earlier_BL[:, -seq:, None] == earlier_BL[:, None])
        same_BSL = same_BSL & (earlier_BL >= 0)[:, None]
        if back + 1 in windows:
            found.append(same_BSL)
    return found


def earlier_counts_reference(
    known_BL: Tensor, targets_BS: Tensor, windows: tuple[int, ...], farthest: int
) -> tuple[Tensor, Tensor]:
    """How often the target followed, and how often anything did: twice (B, S, P) floats.

    Every pair of places, so S L of them for each sequence.
    """
    follower_BL = F.pad(known_BL[:, 1:], (0, 1), value=-2)  # the last one's is not known yet
    right_BSL = targets_BS[:, :, None] == follower_BL[:, None]
    found = matches(known_BL, targets_BS.size(1), windows, farthest)
    hits = torch.stack([(same & right_BSL).sum(-1) for same in found], -1)
    return hits.float(), torch.stack([same.sum(-1) for same in found], -1).float()


def earlier_counts(
    known_BL: Tensor, targets_BS: Tensor, windows: tuple[int, ...], farthest: int
) -> tuple[Tensor, Tensor]:
    """The same by sorting, where nothing is out of reach and the targets are the next tokens, as
    in training: then a token that followed is an n-gram that is one longer.
    """
    L, S = known_BL.size(1), targets_BS.size(1)
    next_ones = torch.equal(known_BL[:, L - S + 1 :], targets_BS[:, :-1])
    if farthest < L or not next_ones:
        return earlier_counts_reference(known_BL, targets_BS, windows, farthest)
    known_BL = torch.cat((known_BL, targets_BS[:, -1:]), 1)
    before_BL = torch.arange(len(known_BL), device=known_BL.device)[:, None].expand_as(known_BL)
    whole_BL = torch.ones_like(known_BL, dtype=torch.bool)  # has all of its tokens
    hits, found = [], []
    for n in range(1, windows[-1] + 2):
        whole_BL = whole_BL & (known_BL >= 0)
        number_BL, earlier_BL = _numbered((before_BL << 32) + known_BL)
        earlier_BL = earlier_BL.where(whole_BL, 0)
        if n in windows:
            found.append(earlier_BL[:, -S - 1 : -1])
        if n - 1 in windows:
            hits.append(earlier_BL[:, -S:])
        before_BL = F.pad(number_BL[:, :-1], (1, 0), value=-1)
        whole_BL = F.pad(whole_BL[:, :-1], (1, 0), value=False)
    return torch.stack(hits, -1).float(), torch.stack(found, -1).float()


def _numbered(key_BL: Tensor) -> tuple[Tensor, Tensor]:
    """A number for each distinct key, and how many equal ones stand before each."""
    sorted_I, order_I = key_BL.flatten().sort(stable=True)
    place_I = torch.arange(len(sorted_I), device=sorted_I.device)
    new_I = F.pad(sorted_I[1:] != sorted_I[:-1], (1, 0), value=True)
    first_I = place_I.where(new_I, 0).cummax(0).values
    both = torch.empty(2, len(sorted_I), dtype=torch.int64, device=sorted_I.device)
    both[:, order_I] = torch.stack((first_I, place_I - first_I))
    return both[0].view_as(key_BL), both[1].view_as(key_BL)
