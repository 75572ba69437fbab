# Every command that a person needs. `make help` lists them.
# Works with GNU make 3.81 (macOS) and newer. What the steps do stands in tools/.

PY := .venv/bin/python
STEP = $(PY) tools/step.py
STEPS := environment assignments book sample-class

# nbgrader calls alembic, and chapters' kernels `python`, by name.
export PATH := $(CURDIR)/.venv/bin:$(PATH)

ASSIGNMENTS = $(notdir $(wildcard solutions/*))

# Asked before anything is installed.
ifneq ($(filter start,$(MAKECMDGOALS)),)
$(if $(ASSIGNMENT),,$(error say which: make start ASSIGNMENT=adam))
endif
ifneq ($(filter grade,$(MAKECMDGOALS)),)
$(if $(NOTEBOOK)$(ASSIGNMENT),,$(error say which: make grade ASSIGNMENT=adam, or NOTEBOOK=path))
endif

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: always help course test serve environment assignments book sample-class start \
	grade browser student bench networks mutants lock clean

##@ The two that matter

course: ## set up, generate the assignments, build the book, grade a sample class
	@COURSE_STEPS="$(STEPS)" $(MAKE) --no-print-directory $(STEPS)
	@$(PY) tools/summary.py

test: environment ## lint, check types, run every test but the browser's
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	OMP_NUM_THREADS=1 $(PY) -m pytest -n auto --maxprocesses 4 --dist loadfile

##@ Read, solve, grade

serve: course ## the book, rebuilt as you edit, and nbgrader's formgrader on the sample class
	@$(PY) tools/serve.py

start: environment ## a fresh notebook to solve, in work/: make start ASSIGNMENT=adam
	@$(PY) -m course_grader start "$(ASSIGNMENT)"

grade: environment ## your notebook, all tests: make grade ASSIGNMENT=adam, or NOTEBOOK=path
	@$(PY) -m course_grader grade "$(or $(NOTEBOOK),work/$(ASSIGNMENT)/$(ASSIGNMENT).ipynb)"

##@ The parts of `make course`

environment: .venv/.ready ## the course's own Python in .venv, from constraints.txt
	@[ -z "$$COURSE_STEPS" ] || echo "[1/$(words $(STEPS))] environment: ready"

# The stamp is written last and holds this folder's path: an interrupted install, a moved
# folder and a Python that is gone are all noticed here.
.venv/.ready: pyproject.toml constraints.txt
	@sh tools/setup.sh

ifneq ($(shell $(PY) -c 'print(open(".venv/.ready").read())' 2>/dev/null),$(CURDIR))
.venv/.ready: always
endif

assignments: environment ## assignments/ from solutions/
	@$(STEP) assignments \
		--inputs solutions course_grader nbgrader_config.py constraints.txt assignments \
		--outputs $(foreach name,$(ASSIGNMENTS),assignments/$(name)/$(name).ipynb) \
		-- $(PY) -m course_grader assignments

book: assignments ## the book in _build/html; a warning or a failing cell fails it
	@$(STEP) book \
		--inputs _config.yml book course_lib course_grader assignments pyproject.toml constraints.txt tools/build_book.py \
		--outputs _build/html/index.html -- $(PY) tools/build_book.py

sample-class: assignments ## a class of made-up students, graded with nbgrader
	@$(STEP) sample-class \
		--inputs solutions course_grader course_lib assignments nbgrader_config.py constraints.txt \
		--outputs _build/sample_class/stamp.json -- $(PY) -m course_grader sample-class

##@ Work on the course

browser: book ## the site in Chromium: offline, two widths, two themes
	OMP_NUM_THREADS=1 $(PY) -m pytest -n auto --maxprocesses 4 tests/site

student: assignments ## the student's side, from its wheel, in an environment of its own
	$(PY) tools/student_side.py

bench: environment ## side by side with torch and with plain nbgrader
	$(PY) -m benchmarks

networks: environment ## every published network at full size beside torch's: minutes, gigabytes
	$(PY) -m benchmarks.backbones

mutants: environment ## 400 small mistakes planted in the library: do its tests notice?
	OMP_NUM_THREADS=1 $(PY) tools/mutants.py

lock: environment ## constraints.txt anew, from pyproject.toml
	@$(PY) tools/lock.py

clean: ## remove what was generated, _build and caches; never work/, class/ or an edited file
	@$(if $(wildcard $(PY)),$(PY),python3) tools/clean.py

help: ## this list
	@awk -f tools/help.awk Makefile
