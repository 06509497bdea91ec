"""Runs the arms of a race one after another, resumes where it was, and writes the result."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout

from tenth import __version__
from tenth.checkpoints import read_json
from tenth.config import ArmConfig, DataConfig, from_dict, override, to_dict
from tenth.data import Corpus, Loader, prepare
from tenth.evals.zero_shot import find_files
from tenth.families import save_model
from tenth.files import atomic_write_json
from tenth.model import flops
from tenth.race import arms as rule
from tenth.race import trust
from tenth.race.budget import flops_for, parse_budget
from tenth.race.counting import count_models, prepared
from tenth.race.display import Display
from tenth.race.report import FORMAT as RESULT_FORMAT
from tenth.race.scoring import score_arm, tune_bits
from tenth.race.seeds import counts_of_seed, seeded
from tenth.race.verdict import ALL_ARMS, ARMS, combine, judge
from tenth.race.verdict_text import token_classes, verbatim_share
from tenth.train.device import (
    keep_freed_memory,
    machine,
    other_work,
    peak_bytes,
    reset_peak,
    resolve,
    resolve_device,
)
from tenth.train.hooks import logger
from tenth.train.loop import Hooks, Interrupted, Step, train

FORMAT = 2  # of run.json


@dataclass(frozen=True)
class RaceConfig:
    """What a run folder stands for: the same call goes on with it, another is refused."""

    name: str
    data: DataConfig = field(default_factory=DataConfig)
    budget: str = "3e13"  # FLOPs of the dense arm (of the one arm, in `train`), or a time
    arms: tuple[str, ...] = ARMS
    seeds: int = 1
    settings: tuple[str, ...] = ()
    evals: str = ""  # a folder or file of zero-shot tests, for every arm


class Runner:
    """One run folder, from text to result."""

    def __init__(
        self,
        config: RaceConfig,
        folder: Path,
        display: Display,
        should_stop: Callable[[], bool] = lambda: False,
    ):
        self.config, self.folder, self.display = config, folder, display
        self.should_stop = should_stop
        self.race = set(ARMS) <= set(config.arms)

    def run(self) -> dict[str, Any]:
        """Everything that is not done yet. Raises Interrupted, Diverged, ValueError, OSError."""
        self.check_settings()
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = self.folder / ".lock"
        try:
            with FileLock(lock).acquire(timeout=0):
                return self._run()
        except Timeout:
            raise ValueError(f"{self.folder}: another process is at work on this run") from None
        finally:
            if not set(self.folder.iterdir()) - {lock}:  # refused: nothing is left behind
                lock.unlink(missing_ok=True)
                self.folder.rmdir()

    def check_settings(self) -> None:
        """Refuses a bad budget or setting before anything is written or read."""
        kind, value = parse_budget(self.config.budget, rule.MIN_BUDGET * (1 if self.race else 0.1))
        if self.config.seeds < 1:
            raise ValueError(f"--seeds {self.config.seeds} is below 1")
        if self.config.evals:
            find_files(Path(self.config.evals))
        owners = ("data", "model", "train", *ALL_ARMS)
        for setting in self.config.settings:
            if setting.partition(".")[0] not in owners:
                raise ValueError(f"setting {setting!r} begins with none of {', '.join(owners)}")
        budget = value if kind == "flops" else 1e15  # a time's FLOPs are checked once known
        vocab_size = self.data_config(budget).vocab_size
        for name in self.config.arms:
            share = 0.1 if self.race and name not in trust.WHOLE else 1.0
            arm = rule.arm(name, share * budget, vocab_size, self.arm_settings)
            resolve_device(arm.train.device)

    @property
    def arm_settings(self) -> tuple[str, ...]:
        return tuple(s for s in self.config.settings if not s.startswith("data."))

    def data_config(self, budget: float) -> DataConfig:
        """Where nobody chose a vocabulary it follows from the dense arm's budget."""
        mine = (s.removeprefix("data.") for s in self.config.settings if s.startswith("data."))
        config = override(self.config.data, *mine)
        if config.vocab_size:
            return config
        dense = budget if self.race or self.config.arms == ("dense",) else 10 * budget
        return replace(config, vocab_size=rule.vocabulary(dense))

    def _run(self) -> dict[str, Any]:
        plan = self._opened_plan()
        result_path = self.folder / "result.json"
        if (result := self._finished(result_path)) is not None:
            self.display.say(f"{self.folder}: finished {result['created']}; nothing is read or "
                             "trained again (another --name would)")  # fmt: skip
            return result
        keep_freed_memory()
        plan = self._with_flops(plan)
        corpus = prepare(self.data_config(plan["flops"]), self.folder / "data", self._stage)
        plan = self._settled(plan, corpus)
        trained = {}
        for seed in range(self.config.seeds):
            for name in self.config.arms:
                label = seeded(name, seed)
                trained[label] = self._arm(label, name, seed, plan, corpus)
        # The verdict split is read once: here, at the end.
        window = plan["settled"][self.config.arms[0]]["train"]["seq_len"]  # of a race: sparse's
        classes = token_classes(corpus, window)
        for label, arm in trained.items():
            if "bits_per_byte" not in arm:
                evals = Path(self.config.evals) if self.config.evals else None
                score_arm(self.folder / label, arm, corpus, classes, evals, self._stage)
        result = self._result(trained, plan, corpus, classes)
        atomic_write_json(result_path, result)
        return result

    def _finished(self, path: Path) -> dict[str, Any] | None:
        """The result, if it has all the arms and seeds that this call asks for."""
        if not path.exists():
            return None
        result = read_json(path)
        labels = {seeded(n, s) for n in self.config.arms for s in range(self.config.seeds)}
        return result if labels <= set(result["arms"]) else None

    # ------------------------------------------------------------------ the plan

    def _opened_plan(self) -> dict[str, Any]:
        """run.json: the settings, then the budget in FLOPs and each arm's device and dtype. A run
        may grow: more arms or seeds than the last call asked for.
        """
        path = self.folder / "run.json"
        mine = json.loads(json.dumps(asdict(self.config)))
        if not path.exists():
            return {"format": FORMAT, "tenth": __version__, **mine}
        plan = read_json(path)
        if plan.get("format") != FORMAT:
            raise ValueError(f"{path}: a run of another version (format {plan.get('format')}, "
                             f"this tenth reads {FORMAT}); choose another --name")  # fmt: skip
        if plan.get("tenth") != __version__:  # its rule and defaults may differ
            raise ValueError(f"{path}: this run was begun with tenth {plan.get('tenth')}, not "
                             f"{__version__}; choose another --name")  # fmt: skip
        more = {
            "arms": set(plan["arms"]) <= set(mine["arms"]),
            "seeds": plan["seeds"] <= mine["seeds"],
        }
        for key, value in mine.items():
            had = plan.get(key)
            if had != value and more.get(key):
                plan[key] = value
                continue
            if isinstance(value, dict) and isinstance(had, dict) and had != value:
                key = next(k for k in value if value[k] != had.get(k))
                had, value = had.get(key), value[key]
            if had != value:
                raise ValueError(f"{path}: this run was begun with {key} {had!r}, not {value!r}; "
                                 "choose another --name")  # fmt: skip
        return plan

    def _with_flops(self, plan: dict[str, Any]) -> dict[str, Any]:
        """The budget in FLOPs; a time is turned into FLOPs once."""
        if "flops" in plan:
            return plan
        kind, value = parse_budget(self.config.budget, 0.0)
        if kind == "seconds":
            self.display.say(f"calibrating: what {self.config.budget} buys on this machine")
            value, plan["calibration"] = flops_for(value, self.config.arms, self.config.seeds,
                                                   self.arm_settings)  # fmt: skip
            self.display.say(f"a budget of {value:.2e} FLOPs")
        return {**plan, "flops": value}

    def _settled(self, plan: dict[str, Any], corpus: Corpus) -> dict[str, Any]:
        """Every arm's sizes, device and dtype, written once and kept."""
        settled = dict(plan.get("settled", {}))
        atomic_write_json(self.folder / "run.json", plan)
        spent = value = plan["flops"]
        for name in reversed(self.config.arms):  # dense first: a tenth is a tenth of what it spends
            if name not in settled:
                budget = 0.1 * spent if self.race and name not in trust.WHOLE else value
                config = rule.arm(name, budget, corpus.vocab_size, self.arm_settings)
                auto = config.train.dtype == "auto"
                if auto and name.startswith("dense") and "dense" in settled:  # as dense takes it
                    dtype = settled["dense"]["train"]["dtype"]
                    config = replace(config, train=replace(config.train, dtype=dtype))
                settled[name] = to_dict(resolve(config))
            if name == "dense":
                spent = rule.training_flops(from_dict(ArmConfig, settled[name]))
        plan = {**plan, "settled": settled}
        atomic_write_json(self.folder / "run.json", plan)
        return plan

    def _stage(self, name: str, done: int, total: int) -> None:
        self.display.stage(name, done, total)
        if self.should_stop() and done < total:
            raise Interrupted(f"stopped while {name}; the same command does that again")

    # ------------------------------------------------------------------ one arm

    def _arm(self, label: str, name: str, seed: int, plan: dict, corpus: Corpus) -> dict[str, Any]:
        """Trains one arm, or reads what an earlier call trained."""
        folder = self.folder / label
        done = folder / "arm.json"
        if done.exists():
            return read_json(done)
        folder.mkdir(exist_ok=True)
        config = from_dict(ArmConfig, plan["settled"][name])
        config = replace(config, train=replace(config.train, seed=seed))
        t = config.train
        log = logger(t.log, self.folder, label)
        show = self.display.arm(label, config)

        def on_step(step: Step) -> None:
            log(step)
            show(step)

        reset_peak(t.device)
        if config.model.head_groups or config.model.memory:
            self.display.say(f"{label}: counting the text")
        ready = prepared(config.model, corpus)
        config = replace(config, model=ready.model)
        loader = Loader(corpus.train.tokens, t.seq_len, seed, ready.answers)
        hooks = Hooks(lambda model: tune_bits(model, corpus, config), on_step, self.should_stop)
        trained = train(config, loader, folder, hooks, ready.counted)
        peak = peak_bytes(t.device)
        model = trained.model.to("cpu")
        extra = {"name": self.config.name, "arm": label, "corpus_hash": corpus.corpus_hash}
        save_model(model, folder, corpus.tokenizer, extra)
        active, total = flops.parameter_counts(model, config.model)
        setup = rule.setup_flops(config.model)
        arm = {
            "flops": setup + trained.flops,
            "seconds": ready.seconds + trained.seconds,
            "counting_seconds": ready.seconds,
            "peak_bytes": peak,
            "params_active": active,
            "params_total": total,
            "inference_flops_per_token": flops.inference_flops_per_token(config.model),
            "busy": other_work(),
            "tokens": trained.tokens,
            "epochs": trained.tokens / len(corpus.train.tokens),
            "curve": [[setup + f, ready.seconds + s, bits] for f, s, bits in trained.curve],
            "expert_load": trained.expert_load,
            "settings": to_dict(config),
            "path": label,
        }
        atomic_write_json(done, arm)
        (folder / "training.pt").unlink(missing_ok=True)
        return arm

    # ------------------------------------------------------------------ the result

    def _result(
        self, trained: dict, plan: dict, corpus: Corpus, classes: dict[str, np.ndarray]
    ) -> dict[str, Any]:
        info = corpus.info
        result = {
            "format": RESULT_FORMAT,
            "name": self.config.name,
            "budget": plan["flops"],
            "budget_asked": self.config.budget,
            "calibration": plan.get("calibration"),
            "seeds": self.config.seeds,
            "settings": list(self.config.settings),
            "source": info["source"],
            "created": datetime.now(UTC).isoformat(timespec="seconds"),
            "tenth": __version__,
            "machine": machine(),
            "corpus_hash": corpus.corpus_hash,
            "data": {
                key: info[key]
                for key in ("corpus_hash", "splits", "vocab_size", "near_duplicates_dropped",
                            "skipped_files")
            },
            "arms": trained,
        }  # fmt: skip
        if not self.race:
            return result

        seeds = range(self.config.seeds)
        self.display.say("counting: the count models")
        configs = [from_dict(ArmConfig, trained[seeded("sparse", s)]["settings"]) for s in seeds]
        counts = result["counts"] = count_models(corpus, dict(enumerate(configs)), classes)
        result["verdict_verbatim"] = verbatim_share(corpus)
        verbatim, length = result["verdict_verbatim"], len(corpus.verdict.tokens)
        about = trust.About(length, verbatim, self.config.settings)
        arms = [{name: trained[seeded(name, s)] for name in self.config.arms} for s in seeds]
        counted = [counts_of_seed(counts, s) for s in seeds]
        per_seed = [
            judge(some, corpus.corpus_hash, plan["flops"], beside, about)
            for some, beside in zip(arms, counted, strict=True)
        ]
        return {**result, **combine(per_seed, arms, counted, about)}
