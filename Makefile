PYTHON ?= python3
STUDY = demo-study

.PHONY: demo test test-all check models clean

demo: .venv/ready models
	rm -rf $(STUDY)
	.venv/bin/iprkit init $(STUDY) --title "Sample study: one simulated dyad"
	.venv/bin/iprkit -C $(STUDY) dyad add D01
	.venv/bin/iprkit -C $(STUDY) session add D01 3 recordings/d01-s03.mp4
	.venv/bin/iprkit -C $(STUDY) transcribe --language en
	.venv/bin/iprkit -C $(STUDY) export vtt D01-S03
	.venv/bin/iprkit -C $(STUDY) status

test: .venv/ready
	.venv/bin/python -m pytest

test-all: .venv/ready models
	.venv/bin/python -m pytest -m ""

check: .venv/ready
	PATH="$(CURDIR)/.venv/bin:$$PATH" scripts/check

models: .venv/ready
	.venv/bin/iprkit models fetch

.venv/ready: setup.cfg pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --constraint constraints.txt --editable ".[test]"
	touch .venv/ready

clean:
	rm -rf .venv build dist *.egg-info $(STUDY)
