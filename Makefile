# Two commands do all the set-up on a fresh machine: `make demo` and `make test`.
# TORCH=cpu | cuda | auto: which PyTorch build to take; auto takes CUDA only beside an NVIDIA GPU.
PYTHON ?= python3
TORCH ?= auto
BIN := .venv/bin
# Compiled when it is first imported: most of what is installed never is.
INSTALL := $(BIN)/pip install -q --no-compile

.PHONY: demo test lint types bench peers docs clean

demo: .venv    # reads a sample archive of ours, then races
	$(BIN)/python samples/demo.py
	$(BIN)/tenth race --name demo

test: .venv    # a process a core, each file's tests in one of them
	$(BIN)/pytest -n logical --maxprocesses 4 --dist loadfile

lint: .venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv
	$(BIN)/pyright

bench: .venv
	$(BIN)/python bench/versus_transformers.py

peers: .venv   # MarkItDown for bench/documents.py, llama.cpp for bench/llama_cpp.py, apart
	@test -x .venv-peers/bin/python || $(PYTHON) -m venv .venv-peers
	.venv-peers/bin/pip install -q 'markitdown[pdf,docx,xlsx]' xllamacpp  # llama.cpp, built

docs: .venv    # the parts of the docs that are made from the code
	$(BIN)/python docs/generate.py

# The marker is written last, so a set-up that was interrupted is done again.
.venv: .venv/ready
.venv/ready: pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@torch='$(TORCH)'; \
	if [ "$$torch" = auto ]; then \
	  if command -v nvidia-smi >/dev/null 2>&1 && nvidia-smi >/dev/null 2>&1; then torch=cuda; else torch=cpu; fi; fi; \
	if [ "$$torch" = cuda ]; then $(INSTALL) 'torch>=2.11,<2.14'; \
	else $(INSTALL) --retries 1 'torch==2.13.0' --extra-index-url https://download.pytorch.org/whl/cpu; fi
	$(INSTALL) -e '.[dev]'
	@touch .venv/ready

clean:
	rm -rf .venv .venv-peers build dist src/*.egg-info
