"""The sparse layer: route, gather each expert's rows, run them, scatter the results back."""

from torch import Tensor, nn

from tenth.config import ModelConfig
from tenth.model.experts import Experts
from tenth.model.layers import SwiGLU
from tenth.model.router import Router, Routing
from tenth.ops import combine_rows, dispatch_rows, sorted_rows


class MoE(nn.Module):
    """Dropless: every token reaches all of its top-k experts, and an expert may get none."""

    def __init__(self, config: ModelConfig):
        super().__init__()
        self.router = Router(config)
        self.experts = Experts(config)
        shared = config.shared_width
        self.shared = SwiGLU(config.d_model, shared, config.mlp_bias) if shared else None
        gated = shared and config.shared_gate
        self.shared_gate = nn.Linear(config.d_model, 1, bias=False) if gated else None

    def forward(self, x_BSD: Tensor) -> tuple[Tensor, Routing]:
        x_TD = x_BSD.flatten(0, 1)
        routing = self.router(x_TD)
        order = sorted_rows(routing.experts_TK)
        x_RD = dispatch_rows(x_TD, order)
        y_RD = self.experts(x_RD, routing.rows_per_expert_E)
        y_TD = combine_rows(y_RD, order, routing.weights_TK)
        if self.shared is not None:
            shared_TD = self.shared(x_TD)
            if self.shared_gate is not None:
                shared_TD = self.shared_gate(x_TD).sigmoid() * shared_TD
            y_TD = y_TD + shared_TD
        return y_TD.view_as(x_BSD), routing
