"""Optional loggers: TensorBoard and Weights & Biases, one function each."""

from collections.abc import Callable
from pathlib import Path

from tenth.train.loop import Step

Logger = Callable[[Step], None]


def logger(kind: str, folder: Path, run: str) -> Logger:
    """The logger named by `TrainConfig.log`. Raises ValueError where its package is missing."""
    if not kind:
        return lambda step: None
    try:
        return {"tensorboard": _tensorboard, "wandb": _wandb}[kind](folder, run)
    except ImportError as error:
        raise ValueError(
            f"--log {kind}: the package {error.name} is not installed; pip install 'tenth[loggers]'"
        ) from None
    except Exception as error:  # wandb without a key, a folder that cannot be written
        raise ValueError(f"--log {kind}: {error}") from None


def _scalars(step: Step) -> dict[str, float]:
    values = {"loss": step.loss, "gradient_norm": step.norm, "flops": step.flops}
    if step.bits_per_byte is not None:
        values["bits_per_byte"] = step.bits_per_byte
    return values


def _tensorboard(folder: Path, run: str) -> Logger:
    from torch.utils.tensorboard.writer import SummaryWriter

    writer = SummaryWriter(str(folder / "tensorboard" / run))

    def log(step: Step) -> None:
        for name, value in _scalars(step).items():
            writer.add_scalar(name, value, step.step)
        if step.step == step.steps or step.bits_per_byte is not None:
            writer.flush()
        if step.step == step.steps:
            writer.close()

    return log


def _wandb(folder: Path, run: str) -> Logger:
    import wandb

    session = wandb.init(project="tenth", name=f"{folder.name}-{run}", dir=str(folder))

    def log(step: Step) -> None:
        session.log(_scalars(step), step=step.step)
        if step.step == step.steps:
            session.finish()

    return log
