"""All families that tenth opens, by model_type, and which config.json belongs to which."""

from tenth.config import ModelConfig, from_dict
from tenth.families.config_file import ConfigFile, Family
from tenth.families.deepseek_v2 import DEEPSEEK_V2
from tenth.families.deepseek_v3 import DEEPSEEK_V3, KIMI_K2, KIMI_K25
from tenth.families.flex_olmo import FLEX_OLMO
from tenth.families.glm4 import GLM4
from tenth.families.glm4_moe import GLM4_MOE
from tenth.families.glm4_moe_lite import GLM4_MOE_LITE
from tenth.families.gpt_oss import GPT_OSS
from tenth.families.llama import LLAMA
from tenth.families.minimax_m2 import MINIMAX_M2
from tenth.families.mixtral import MIXTRAL
from tenth.families.native import NATIVE
from tenth.families.olmoe import OLMOE
from tenth.families.qwen2_moe import QWEN2_MOE
from tenth.families.qwen3 import QWEN3
from tenth.families.qwen3_moe import QWEN3_MOE
from tenth.families.unsupported import why_not

WRITTEN = (QWEN3, GLM4_MOE, NATIVE)  # our own formats: the first that fits a config holds it
FAMILIES = (
    *WRITTEN, LLAMA, GLM4, MIXTRAL, OLMOE, FLEX_OLMO, QWEN2_MOE, QWEN3_MOE, MINIMAX_M2, GPT_OSS,
    DEEPSEEK_V2, DEEPSEEK_V3, KIMI_K2, KIMI_K25, GLM4_MOE_LITE,
)  # fmt: skip


def family_of(file: ConfigFile) -> Family:
    """Raises ValueError for a model_type that tenth does not open, with the reason."""
    kind = file.get("model_type", str)
    family = next((family for family in FAMILIES if family.model_type == kind), None)
    if family is None:
        known = [family.model_type for family in FAMILIES]
        raise ValueError(f"{file.path}: {why_not(kind, known)}")
    return family


def read_config(file: ConfigFile) -> ModelConfig:
    """config.json as a ModelConfig. Raises ValueError for what tenth does not run."""
    family = family_of(file)
    inner = file.inside(family.inner) if family.inner else file
    fields = {**family.read(inner), **file.get("tenth", dict, {})}
    try:
        return from_dict(ModelConfig, fields)
    except (ValueError, TypeError) as error:
        raise ValueError(f"{file.path}: {error}") from None
