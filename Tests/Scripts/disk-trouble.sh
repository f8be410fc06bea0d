#!/usr/bin/env bash
# Takes the disk away from running runs: full, read-only, the folder gone, another process in it. Each must end with one sentence and code 1, and a run that is
# resumed when the disk is back must end with the bytes of one that met no trouble.
#
# usage: BENCH=path/to/bench disk-trouble.sh      full and read-only disks need root, who may mount; the others do not
set -Eeuo pipefail
bench=$(realpath "${BENCH:-$(dirname "${BASH_SOURCE[0]}")/../../.build/release/bench}")
scratch=$(mktemp -d)
child=
mounted=
finish() {
  if [[ -n $child ]]; then kill -9 "$child" 2>/dev/null || true; fi
  if [[ -n $mounted ]]; then umount "$scratch/disk" || umount --lazy "$scratch/disk"; fi
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT TERM
fail() {
  printf 'disk-trouble: %s\n' "$1" >&2
  exit 1
}

export MARCONI_CHECKPOINT_SECONDS=0
options=(run mimo --scale smoke --scheme td3mix+flwf --set trainingSlots=400)
"$bench" "${options[@]}" --out "$scratch/whole" >/dev/null 2>&1
mkdir "$scratch/disk"
run=$scratch/disk/run

begin() {
  rm -rf "$run"
  "$bench" "${options[@]}" --out "$run" >/dev/null 2>"$scratch/errors" &
  child=$!
  for _ in $(seq 1000); do
    if compgen -G "$run/checkpoints/00001*.safetensors" >/dev/null; then return; fi
    sleep 0.01
  done
  fail "the run made no checkpoint: $(cat "$scratch/errors")"
}

# ended WHAT: the run has stopped by itself with code 1 and one sentence, which begins as all do.
ended() {
  local code=0
  wait "$child" || code=$?
  child=
  sentence=$(grep '^bench: ' "$scratch/errors" || true)
  [[ $code -eq 1 && $(wc -l <<<"$sentence") -eq 1 && -n $sentence ]] || fail "$1: code $code, '$sentence', where code 1 and one sentence are expected"
  echo "$1: $(sed "s|$scratch|...|g" <<<"$sentence" | cut -c 1-200)"
}

goes_on() {
  local part
  "$bench" run --resume "$run" >/dev/null 2>"$scratch/errors" || fail "$1: it does not go on: $(tail -n 1 "$scratch/errors")"
  for part in metrics.jsonl claims.json figures tables; do
    diff --recursive --brief "$scratch/whole/$part" "$run/$part" || fail "$1: $part differs from a run without trouble"
  done
  echo "$1: resumed, same bytes"
}

begin
mv "$run" "$scratch/elsewhere"
ended "the folder is gone"
rm -rf "$run"
mv "$scratch/elsewhere" "$run"
goes_on "the folder is gone"

begin
code=0
"$bench" run --resume "$run" >/dev/null 2>"$scratch/second" || code=$?
[[ $code -eq 1 ]] && grep -q '^bench: ' "$scratch/second" || fail "a second process in the folder ended with code $code: $(cat "$scratch/second")"
echo "two processes: $(grep '^bench: ' "$scratch/second" | sed "s|$scratch|...|g" | cut -c 1-200)"
wait "$child" || fail "two processes: the first one suffered: $(tail -n 1 "$scratch/errors")"
child=
goes_on "two processes"

if [[ $(id -u) -ne 0 ]] || ! mount -t tmpfs -o size=48m tmpfs "$scratch/disk" 2>/dev/null; then
  echo "full and read-only disks: skipped, for nothing can be mounted here"
  exit 0
fi
mounted=true
begin
dd if=/dev/zero of="$scratch/disk/filler" bs=4k 2>/dev/null || true
ended "the disk is full"
rm "$scratch/disk/filler"
goes_on "the disk is full"

# A run keeps its record open, which keeps a disk writable: this one meets the trouble when it is resumed.
begin
kill -INT "$child"
wait "$child" || true
mount -o remount,ro "$scratch/disk"
"$bench" run --resume "$run" >/dev/null 2>"$scratch/errors" &
child=$!
ended "the disk is read-only"
"$bench" "${options[@]}" --out "$scratch/disk/other" >/dev/null 2>"$scratch/errors" &
child=$!
ended "a new run on a read-only disk"
mount -o remount,rw "$scratch/disk"
goes_on "the disk is read-only"
