"""What vLLM and SGLang look for in a Hugging Face folder, checked on the folder itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tenth.checkpoints import Info, TensorFiles, read_json

GLM_TOKENS = ("<|endoftext|>", "[gMASK]", "<|user|>", "<|observation|>")
KERNEL_HEADS = (64, 96, 128, 192, 256)  # what most attention kernels are compiled for


def notes_on(folder: Path) -> list[str]:
    """One line for each thing that an engine would trip on; none is the aim."""
    config, tensors = read_json(folder / "config.json"), TensorFiles(folder).info
    notes = [*_of_any(folder, config)]
    if config.get("model_type") == "tenth":
        return [
            "memory, routed heads and other things of tenth's own open in transformers with "
            "trust_remote_code=True, and in no other engine",
            *notes,
        ]
    if config.get("model_type") == "glm4_moe":
        notes += _of_glm4_moe(folder, config, tensors)
    return notes


def _of_any(folder: Path, config: dict[str, Any]) -> Iterator[str]:
    text = config.get("text_config") or config
    path = folder / "tokenizer_config.json"
    if not path.is_file():
        yield "it has no tokenizer, which every engine asks for"
    elif read_json(path).get("tokenizer_class") == "TokenizersBackend":
        yield "tokenizer_class is TokenizersBackend, which only transformers 5 knows"
    if "rope_theta" not in text:
        yield "config.json has no rope_theta, where transformers 4 looks for it"
    head = text.get("head_dim")
    if isinstance(head, int) and head not in KERNEL_HEADS:
        yield f"heads of {head}: GPU kernels of vLLM and SGLang are made for 64 and 128"


def _of_glm4_moe(folder: Path, config: dict[str, Any], tensors: dict[str, Info]) -> Iterator[str]:
    if config.get("tie_word_embeddings", False) or "lm_head.weight" not in tensors:
        yield "its embeddings are tied; vLLM and SGLang have no tied ones for glm4_moe"
    ahead = config.get("num_nextn_predict_layers", 1)
    layer = f"model.layers.{config.get('num_hidden_layers')}."
    if ahead and not any(name.startswith(layer) for name in tensors):
        yield f"num_nextn_predict_layers is {ahead}, but it has no such layers"
    if not config.get("n_shared_experts"):
        yield "it has no shared expert; llama.cpp adds SiLU(x) then"
    if "partial_rotary_factor" not in config:
        yield "partial_rotary_factor stands in rope_parameters alone"
    for name, info in tensors.items():
        if name.endswith(".e_score_correction_bias") and info.dtype != "F32":
            yield f"{name} is {info.dtype}; in less than F32 experts collapse onto each other"
            break
    if any(".experts.gate_up_proj" in name for name in tensors):
        yield "its experts are fused, which SGLang and quantisers drop"
    path = folder / "tokenizer.json"
    if path.is_file():
        added = {entry.get("content") for entry in read_json(path).get("added_tokens") or ()}
        if missing := [token for token in GLM_TOKENS if token not in added]:
            yield f"its vocabulary has no {', '.join(missing)}, which GLM's converters ask for"
