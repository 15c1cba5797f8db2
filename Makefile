PYTHON ?= python3
STUDY = demo-study
PAGE = $(shell find workbench -type f -not -path "*/node_modules/*")

.PHONY: demo test test-all test-peers check models clean

demo: .venv/ready models
	.venv/bin/iprkit demo $(STUDY)

test: .venv/ready
	.venv/bin/python -m pytest

test-all: .venv/ready models
	.venv/bin/python -m pytest -m ""

test-peers: .venv/ready
	.venv/bin/python -m pytest -m peers

check: .venv/ready
	PATH="$(CURDIR)/.venv/bin:$$PATH" scripts/check

models: .venv/ready
	.venv/bin/iprkit models fetch

.venv/ready: setup.cfg setup.py pyproject.toml constraints.txt $(PAGE)
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --constraint constraints.txt --editable ".[test]"
	touch .venv/ready

clean:
	rm -rf .venv .peers build dist *.egg-info $(STUDY)
