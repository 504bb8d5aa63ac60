# SPDX-License-Identifier: GPL-2.0-only
#
# The commands of the project. Each is a thin call of a script in
# tools/testing/vm/ or of the Makefile of the tool; "make help" lists them.

O ?= build
KERNEL ?= stock
BASE ?= 6.12
TIMEOUT ?= 300
ACCEL ?= tcg
DEVICES ?=

VM := tools/testing/vm

export O KERNEL BASE TIMEOUT KVER ACCEL DEVICES

.PHONY: help
help:
	@echo 'The two commands to begin with (as root on Debian 12, for apt):'
	@echo '  make demo             build, boot Debian'"'"'s own 6.12 kernel in QEMU and show the interface'
	@echo '  make check            every test; ends with "N passed, N failed, N skipped"'
	@echo
	@echo 'Working on it:'
	@echo '  make check-quick      userspace and User-mode Linux, for the edit loop'
	@echo '  make check SUITES="a b"   only these ("make check SUITES=list" names them)'
	@echo '  make check JOBS=1     one suite at a time; default: one for each CPU, 4 at most'
	@echo '  make vm RUN=SCRIPT [KERNEL=stock|debug|uml] [BASE=6.12|6.1] [DEVICES=nvme-vf] [TIMEOUT=300]'
	@echo '                        run a script as root in a guest; options: VMFLAGS=-h'
	@echo '  make accuracy [PAIRS=30000] [SEED=]'
	@echo '                        what is predicted against what really migrates, for so many pairs'
	@echo '  make bench            instruction counts of reads, writes, registration, as ratios'
	@echo '  make fuzz [FUZZ_SECONDS=600]'
	@echo '                        look for inputs that break the library or the command, so long for each target'
	@echo '  make static           checkpatch, sparse, W=1 gcc and clang, kernel-doc, shellcheck'
	@echo '  make html             Documentation/ as HTML'
	@echo '  make series [KSRC=]   the patch series for "git am"; KSRC: the kernel source it is for'
	@echo '  make deps             apt-install the ordinary build tools that are missing'
	@echo
	@echo 'Using it:'
	@echo '  make modules [KVER=] [KDIR=]'
	@echo '                        mdev, vfio_profile and samples for an installed kernel'
	@echo '  make modules_install [KVER=] [INSTALL_MOD_PATH=]'
	@echo '  make tools            library and command'
	@echo '  make install          library and command; DESTDIR, PREFIX'
	@echo
	@echo '  make clean            remove the build folder'
	@echo
	@echo 'O=FOLDER puts all work elsewhere than build/; downloads are kept in ~/.cache/vfio-compat.'

.PHONY: demo
demo:
	@$(VM)/deps.sh demo
	@$(VM)/vm.sh -k stock $(VM)/demo/demo.sh

.PHONY: check check-quick
check:
	@$(VM)/deps.sh all
	@$(VM)/check.sh $(SUITES)
check-quick:
	@$(VM)/deps.sh all
	@$(VM)/check.sh --quick $(SUITES)

.PHONY: vm
vm:
	@$(VM)/vm.sh $(VMFLAGS) -- $(RUN)

PAIRS ?= 30000
.PHONY: accuracy
accuracy:
	@$(VM)/deps.sh demo
	@$(VM)/prepare.sh stock
	@$(VM)/accuracy/run.sh -p $(PAIRS) -s $${SEED:-$$(date +%s)} -c 200

.PHONY: bench
bench:
	@$(VM)/deps.sh demo
	@$(VM)/bench.sh

.PHONY: static
static:
	@$(VM)/static.sh

.PHONY: html
html:
	@$(VM)/html.sh

.PHONY: series
series:
	@$(VM)/series.sh

.PHONY: deps
deps:
	@$(VM)/deps.sh all

.PHONY: modules modules_install
modules modules_install:
	@$(VM)/local.sh $@

.PHONY: tools install fuzz
tools install fuzz:
	@$(VM)/tools.sh $@

.PHONY: clean
clean:
	@$(VM)/clean.sh

.DEFAULT:
	@echo 'make: no target called $@; see make help' >&2; exit 2
