"""Models in the formats that other tools open; Hugging Face's spelling lives here alone."""

from tenth.families.loading import load_model
from tenth.families.saving import save_model

__all__ = ["load_model", "save_model"]
