"""How often the last 1, 2, ... tokens stood earlier in the window, and what followed them then.

Shapes: B sequences, L tokens known of each, of which the last S ask; P windows.
"""

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

UNKNOWN = (1 << 24) - 1  # what -1, no token, is in 24 bits


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
    """The same by sorting, on a CPU, where nothing is out of reach and the targets are the next
    tokens, as in training: then a token that followed is an n-gram that is one longer.
    """
    L, S = known_BL.size(1), targets_BS.size(1)
    next_ones = torch.equal(known_BL[:, L - S + 1 :], targets_BS[:, :-1])
    small = known_BL.is_cpu and (not known_BL.numel() or known_BL.max() < UNKNOWN)
    if farthest < L or not next_ones or not small or not L:
        return earlier_counts_reference(known_BL, targets_BS, windows, farthest)
    known = torch.cat((known_BL, targets_BS[:, -1:]), 1).numpy().astype(np.int64)
    number, whole = np.zeros_like(known), known >= 0  # which have all of their tokens
    hits, found = [], []
    for n in range(1, windows[-1] + 2):
        number, earlier = _numbered(number, known)
        earlier *= whole
        if n in windows:
            found.append(earlier[:, -S - 1 : -1])
        if n - 1 in windows:
            hits.append(earlier[:, -S:])
        number[:, 1:], whole[:, 1:] = number[:, :-1].copy(), whole[:, 1:] & whole[:, :-1]
        number[:, 0], whole[:, 0] = -1, False
    hits_BSP, found_BSP = (np.stack(many, -1, dtype=np.float32) for many in (hits, found))
    return torch.from_numpy(hits_BSP), torch.from_numpy(found_BSP)


def _numbered(before: np.ndarray, token: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A number for each distinct pair of a row, and how many equal ones stand before each: twice
    (B, L). NumPy sorts a few thousand numbers in a fifth of PyTorch's time. A sorted number holds
    what is before (L < 2^19), the token and its place.
    """
    B, L = token.shape
    place, bits = np.arange(L), L.bit_length()  # of a place
    pairs = ((before << 24 | token & UNKNOWN) << bits) | place
    pairs.sort(-1)
    order = (pairs & (1 << bits) - 1) + L * np.arange(B)[:, None]
    pairs >>= bits
    new = np.ones((B, L), bool)
    np.not_equal(pairs[:, 1:], pairs[:, :-1], out=new[:, 1:])
    first = np.maximum.accumulate(new * place, -1)
    number, earlier = np.empty((2, B, L), np.int64)
    number.put(order, first)
    earlier.put(order, place - first)
    return number, earlier
