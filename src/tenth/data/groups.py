"""Groups of the vocabulary: tokens that follow the same tokens stand together in a routed head."""

import numpy as np

WIDTH = 24  # of a token's profile
CONTEXTS = 1024  # the most frequent tokens, before which and after which others are counted


def slots(tokens: np.ndarray, vocab_size: int, width: int) -> np.ndarray:
    """Each token's place, (V,) int64, when `width` of them share a group; alike ones are near.

    A token's profile is how often each frequent token precedes it (square roots, scaled to length
    1), cut to WIDTH dimensions; the vocabulary is halved along the direction of most variance, and
    each half again, until a part fits a group. Its matmuls are counted: `flops.setup_flops`.
    """
    tokens = np.asarray(tokens, np.int64)
    uses_V = np.bincount(tokens, minlength=vocab_size)
    frequent = np.argsort(-uses_V, kind="stable")[:CONTEXTS]
    column_V = np.full(vocab_size, -1)
    column_V[frequent] = np.arange(len(frequent))
    before, after = column_V[tokens[:-1]], tokens[1:]
    pairs = after[before >= 0] * len(frequent) + before[before >= 0]
    profile = np.bincount(pairs, minlength=vocab_size * len(frequent)).astype(np.float32)
    profile_VC = np.sqrt(profile).reshape(vocab_size, len(frequent))
    profile_VC /= np.linalg.norm(profile_VC, axis=1, keepdims=True) + 1e-6
    basis = np.random.default_rng(0).standard_normal((len(frequent), WIDTH)).astype(np.float32)
    for _ in range(2):  # subspace iteration: the leading directions
        basis = np.linalg.qr(profile_VC.T @ (profile_VC @ basis))[0]
    order = np.concatenate(_halved(np.arange(vocab_size), profile_VC @ basis, uses_V + 1.0, width))
    places = np.empty(vocab_size, np.int64)
    places[order] = np.arange(vocab_size)
    return places


def grouping_flops(vocab_size: int, width: int) -> int:
    """The matmuls of `slots`: five products with the profiles, then each halving's covariance."""
    halvings = max(0, (-(-vocab_size // width) - 1).bit_length())
    profiles = 2 * vocab_size * min(CONTEXTS, vocab_size) * WIDTH
    return 5 * profiles + halvings * 2 * vocab_size * WIDTH * WIDTH


def _halved(rows: np.ndarray, points: np.ndarray, weights: np.ndarray, width: int):
    """Parts of at most `width` rows, all full but the last."""
    if len(rows) <= width:
        return [rows]
    mine, w = points[rows], weights[rows]
    centred = mine - np.average(mine, axis=0, weights=w)
    direction = np.linalg.svd(centred * np.sqrt(w)[:, None], full_matrices=False)[2][0]
    direction *= np.sign(direction[np.abs(direction).argmax()])
    ordered = rows[np.argsort(centred @ direction, kind="stable")]
    groups = -(-len(rows) // width)
    cut = groups // 2 * width
    return [
        *_halved(ordered[:cut], points, weights, width),
        *_halved(ordered[cut:], points, weights, width),
    ]
