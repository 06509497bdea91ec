"""compressed-tensors: which scheme of its config each weight follows."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tenth.checkpoints.forms import SCALES, Block, ConfigFault, Form, named
from tenth.checkpoints.fp8 import FP8, scaled
from tenth.checkpoints.int4 import PACKED, SCALE, WORD, ZERO_POINT, matrix_shape, packed
from tenth.checkpoints.tensors import TensorFiles

FORMATS = ("pack-quantized", "float-quantized", "naive-quantized", "int-quantized")
MIXED = "mixed-precision"  # each group names its own format
STRATEGIES = ("group", "channel", "tensor", "block")
KINDS = (("int", 4), ("int", 8), ("float", 8))
UNOPENED = (".weight_g_idx", ".weight_global_scale")  # the first reorders columns


@dataclass(frozen=True)
class Scheme:
    """How the weights of one group of the config are kept."""

    type: str
    bits: int
    strategy: str
    size: tuple[int, ...]  # of a group or a block
    symmetric: bool

    def block(self, shape: tuple[int, ...]) -> Block:
        if self.strategy == "group":
            return Block(1, self.size[0])
        if self.strategy == "block":
            return Block(self.size[0], self.size[1])
        return Block(1 if self.strategy == "channel" else shape[0], shape[1])

    def fits(self, shape: tuple[int, ...], scales: tuple[int, ...]) -> bool:
        """Whether scales of that shape serve a matrix of this one; groups are never cut."""
        if len(shape) != 2 or (self.strategy == "group" and shape[1] % self.size[0]):
            return False
        grid = self.block(shape).grid(shape)
        return scales == grid or math.prod(scales) == math.prod(grid) == 1

    def __str__(self) -> str:
        size = f" of {' x '.join(map(str, self.size))}" if self.size else ""
        return (
            f"{'' if self.symmetric else 'asymmetric '}{self.bits}-bit {self.type} "
            f"by {self.strategy}{size}"
        )


def find(files: TensorFiles, config: dict[str, Any]) -> dict[str, Form]:
    """Weights with the scales that bear their names; the rest was not compressed (`ignore`)."""
    schemes = list(_schemes(config))
    found: dict[str, Form] = {}
    for name, info in files.info.items():
        if name.endswith(UNOPENED):
            raise ValueError(f"{named(info, name)}: tenth does not open weights that need it")
        if name.endswith(f".weight{PACKED}"):
            weight = name.removesuffix(PACKED)
            found[weight] = _packed(files, weight, schemes)
        elif info.dtype in (*FP8, "I8") and name.endswith(".weight"):
            found[name] = _scaled(files, name, schemes)
    return found


def _packed(files: TensorFiles, weight: str, schemes: list[Scheme]) -> Form:
    name = weight + PACKED
    info = files.info[name]
    if info.dtype != "I32":
        raise ValueError(f"{named(info, name)} is {info.dtype}; packed weights are I32")
    if weight in files.info:
        raise ValueError(f"{named(info, name)}: {weight!r} is there, too")
    scale, shape = _scale(files, weight, name), matrix_shape(files, weight)
    for scheme in schemes:
        words = (shape[0], -(-shape[1] * scheme.bits // WORD))
        if scheme.type == "int" and info.shape == words and scheme.fits(shape, scale):
            if scheme.symmetric == (weight + ZERO_POINT in files.info):
                has = "has a" if scheme.symmetric else "lacks its"
                raise ValueError(
                    f"{named(info, name)} {has} zero point {weight + ZERO_POINT!r}; "
                    f"its scheme is {scheme}"
                )
            return packed(files, weight, scheme.block(shape), scheme.bits)
    raise _no_scheme(files, name, f"packed {info.shape} for {shape}", scale, schemes)


def _scaled(files: TensorFiles, weight: str, schemes: list[Scheme]) -> Form:
    info = files.info[weight]
    scale = _scale(files, weight, weight)
    type = "int" if info.dtype == "I8" else "float"
    for scheme in schemes:
        if (scheme.type, scheme.bits) == (type, 8) and scheme.fits(info.shape, scale):
            if not scheme.symmetric:
                raise ValueError(f"{named(info, weight)} is {scheme}; tenth opens symmetric ones")
            block = scheme.block(info.shape)
            return scaled(files, weight, weight + SCALE, block, SCALES, in_type_of_scale=True)
    raise _no_scheme(files, weight, f"{info.dtype} {info.shape}", scale, schemes)


def _scale(files: TensorFiles, weight: str, stored: str) -> tuple[int, ...]:
    """The shape of the weight's scales."""
    info = files.info.get(weight + SCALE)
    if info is None:
        stands = files.info[stored]
        raise ValueError(
            f"{named(stands, stored)} is {stands.dtype}; its scale {weight + SCALE!r} is missing"
        )
    if info.dtype not in SCALES:
        raise ValueError(
            f"{named(info, weight + SCALE)} is {info.dtype}; it may be {', '.join(SCALES)}"
        )
    return info.shape


def _no_scheme(
    files: TensorFiles, name: str, stored: str, scale: tuple[int, ...], schemes: list[Scheme]
) -> ValueError:
    known = "; ".join(map(str, schemes))
    return ValueError(
        f"{named(files.info[name], name)}, {stored}, with scales {scale} fits no scheme of "
        f"config_groups ({known})"
    )


def _schemes(config: dict[str, Any]) -> Iterator[Scheme]:
    _check_format("format", config.get("format"), (*FORMATS, MIXED))
    for field, part, harmless in (
        ("sparsity_config", "format", ("dense",)),
        ("transform_config", "config_groups", (None, {})),
    ):
        value = config.get(field)
        if value and not (isinstance(value, dict) and value.get(part) in harmless):
            raise ConfigFault(f"{field} is {str(value)[:80]}; tenth opens weights without one")
    groups = config.get("config_groups")
    if not isinstance(groups, dict) or not groups:
        raise ConfigFault(f"config_groups is {groups!r}; it holds a scheme by group")
    for name, group in groups.items():
        weights = group.get("weights") if isinstance(group, dict) else None
        if not isinstance(weights, dict):
            raise ConfigFault(f"config_groups.{name}.weights is {weights!r}; it holds a scheme")
        if group.get("format") is not None or config.get("format") == MIXED:
            _check_format(f"config_groups.{name}.format", group.get("format"), FORMATS)
        yield _scheme(f"config_groups.{name}.weights", weights)


def _check_format(field: str, value: Any, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise ConfigFault(f"{field} is {value!r}; tenth opens {', '.join(choices)}")


def _scheme(field: str, weights: dict[str, Any]) -> Scheme:
    type, bits = weights.get("type", "int"), weights.get("num_bits", 8)
    if (type, bits) not in KINDS:
        opened = ", ".join(f"{bits}-bit {type}" for type, bits in KINDS)
        raise ConfigFault(f"{field} is {bits}-bit {type}; tenth opens {opened}")
    group_size, structure = weights.get("group_size"), weights.get("block_structure")
    strategy = weights.get("strategy")
    if strategy is None:  # as the library infers it
        strategy = "group" if _is_count(group_size) else "channel" if group_size else "tensor"
    _check_format(f"{field}.strategy", strategy, STRATEGIES)
    size = {"group": [group_size], "block": structure}.get(strategy, [])
    if not isinstance(size, list) or not all(_is_count(n) for n in size):
        raise ConfigFault(f"{field}: strategy is {strategy!r}, its size {size!r}")
    if strategy == "block" and len(size) != 2:
        raise ConfigFault(f"{field}.block_structure is {size!r}; it holds rows and columns")
    return Scheme(type, bits, strategy, tuple(size), weights.get("symmetric", True) is True)


def _is_count(value: Any) -> bool:
    return type(value) is int and value > 0
