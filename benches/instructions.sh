#!/usr/bin/env bash
# Counts the instructions of each stage on a generated repository: a figure that a busy machine does not change.
#
# usage: benches/instructions.sh [FILES]          (default: 1000)
#        benches/instructions.sh --tree FOLDER    the program on a folder of yours
#
# With valgrind, or with perf where that can count. The stages are cumulative, so each row is the difference between two
# runs. Hash tables are seeded anew for each run, which moves a row by less than a hundredth.
set -euo pipefail

if command -v valgrind >/dev/null; then
  count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null | sed -n 's/.*Collected : *//p'
  }
elif command -v perf >/dev/null && perf stat -e instructions:u true >/dev/null 2>&1; then
  count() {
    perf stat -x, -e instructions:u "$@" 2>&1 >/dev/null | sed -n 's/^\([0-9]*\),.*instructions.*/\1/p'
  }
else
  echo "instructions.sh: neither valgrind nor a perf that counts instructions is here" >&2
  exit 2
fi
export RAYON_NUM_THREADS=1

if [ "${1-}" = --tree ]; then
  tree=$(cd "${2:?which folder?}" && pwd)
  cd "$(dirname "$0")/.."
  cargo build --quiet --profile dist --locked
  program=$PWD/target/dist/ekslint
  cd "$tree"
  printf '%-10s%16s\n' whole "$(count "$program" check --threads 1 --fail-on never --output-format concise)"
  exit
fi

files=${1:-1000}
cd "$(dirname "$0")/.."
# `--no-run` says where the program is.
program=$(cargo bench --locked --bench stages --no-run 2>&1 | sed -n 's/.*Executable.*(\(.*\)).*/\1/p')
if [ ! -x "$program" ]; then
  echo "instructions.sh: the benchmark could not be built: cargo bench --bench stages --no-run" >&2
  exit 2
fi

printf '%-10s%16s%12s   (%s files)\n' stage instructions "a file" "$files"
row() {
  printf '%-10s%16d%12d\n' "$1" "$2" $(($2 / files))
}
before=$(count "$program" once generate "$files")
for stage in filter parse lower link rules; do
  now=$(count "$program" once "$stage" "$files")
  row "$stage" $((now - before))
  before=$now
done
for format in full concise json sarif; do
  now=$(count "$program" once "$format" "$files")
  row "$format" $((now - before))
done
