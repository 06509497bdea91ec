"""Settings by name: parsed, checked, and refused with the nearest names."""

import pytest

from tenth.config import (
    ArmConfig,
    DataConfig,
    MemoryConfig,
    ModelConfig,
    TrainConfig,
    from_dict,
    override,
    to_dict,
)


def test_a_setting_changes_one_field_and_leaves_the_original_alone():
    arm = ArmConfig()
    changed = override(arm, "train.steps=20")
    assert changed.train.steps == 20 and arm.train.steps == TrainConfig().steps
    assert changed.model == arm.model


def test_settings_are_parsed_by_the_fields_type():
    arm = override(ArmConfig(model=ModelConfig(memory=MemoryConfig())),
                   "train.lr=1e-2", "train.steps=1e3", "model.memory.windows=(1,3)",
                   "train.device=cpu")  # fmt: skip
    assert arm.train.lr == 0.01 and arm.train.steps == 1000 and arm.train.device == "cpu"
    assert arm.model.memory and arm.model.memory.windows == (1, 3)
    assert override(arm, "model.memory=none").model.memory is None


@pytest.mark.parametrize(
    "setting, told",
    [
        ("train.stepz=3", "TrainConfig has no field 'stepz'; nearest: steps"),
        ("trian.steps=3", "ArmConfig has no field 'trian'; nearest: train"),
        ("train.steps=many", "TrainConfig.steps: 'many' is not a int"),
        ("train.steps=1.5", "TrainConfig.steps: '1.5' is not a int"),
        ("train.steps", "not of the form name=value"),
        ("model.memory.order=3", "memory is off"),
        ("train.balance=magic", "'magic' is not one of bias, quantile, none"),
        ("train.lr=-1", "TrainConfig.lr: -1.0 is not a rate above 0"),
        ("train.decay=2", "TrainConfig.decay: 2.0 is not a share within 0..1"),
        ("train.steps.more=3", "steps has no fields"),
    ],
)
def test_a_bad_setting_names_the_field_the_value_and_the_choices(setting, told):
    with pytest.raises(ValueError) as error:
        override(ArmConfig(), setting)
    assert told in str(error.value)


def test_configs_survive_json():
    arm = ArmConfig(model=ModelConfig(memory=MemoryConfig(n_grams=(5, 6, 7, 8))))
    assert from_dict(ArmConfig, to_dict(arm)) == arm
    data = DataConfig(paths=("a", "b"))
    assert from_dict(DataConfig, to_dict(data)) == data
    with pytest.raises(ValueError, match="DataConfig has no field 'pathz'"):
        from_dict(DataConfig, {"pathz": []})
