#!/usr/bin/env bash
# A soak: kills one run of all papers at many seeded instants, resumes it each time, and compares what comes out with an uninterrupted run, byte for byte.
#
#   soak.sh [N] [--scale NAME] [--every SECONDS] [--whole DIR]
#
# N is the number of kills (100), the same for each paper. SECONDS is the mean time between two of them (8), drawn evenly from a tenth of it to nineteen tenths.
# Parts of the killed run take turns between one thread and two. DIR is a finished run to compare with (a folder for each paper); without it one is made
# first. An hour or two at the scale quick. The tool is $BENCH, or .build/release/bench of this repository; it is not built here. Exit code 1 on any difference.
set -u

kills=100
scale=quick
every=8
whole=
while (($# > 0)); do
  case $1 in
    --scale) shift; scale=${1:-} ;;
    --every) shift; every=${1:-} ;;
    --whole) shift; whole=${1:-} ;;
    *[!0-9]* | '' | 0) echo "usage: soak.sh [N] [--scale NAME] [--every SECONDS] [--whole DIR]" >&2; exit 2 ;;
    *) kills=$1 ;;
  esac
  shift || break
done

if [[ ! $every =~ ^[1-9][0-9]*$ || -n $whole && ! -d $whole ]]; then
  echo "soak: --every takes whole seconds, got '$every', and --whole a folder, got '$whole'" >&2
  exit 2
fi
source "$(dirname "${BASH_SOURCE[0]}")/killing.sh"

run=$scratch/killed
finish() {
  [[ -n $child ]] && kill -9 "$child" 2>/dev/null
  if [[ ${isComplete:-} ]]; then rm -rf "$scratch"; else echo "soak: the folders are left in $scratch" >&2; fi
}
trap finish EXIT
trap 'exit 130' INT TERM

if [[ -z $whole ]]; then
  whole=$scratch/whole
  "$bench" reproduce all --scale "$scale" --out "$whole" >/dev/null 2>"$scratch/errors" || { fail "the uninterrupted run: $(tail -n 1 "$scratch/errors")"; exit 1; }
fi

# Whether the paper that is on has had its share of kills.
papers=$("$bench" list | grep -c '^[a-z]')
killed=0
is_spared() { (($(find "$run" -mindepth 2 -maxdepth 2 -name manifest.json 2>/dev/null | wc -l) * kills <= killed * papers)); }

# One part of the killed run, from where the last one stopped. Checkpoints of a large replay take seconds: as many as leave time to go on between two kills.
part=0
proceed() {
  local words=(reproduce)
  if [[ -f $run/all.json ]]; then words+=(--resume "$run"); else words+=(all --scale "$scale" --out "$run"); fi
  if is_spared && ((part > 0)); then unset MARCONI_CHECKPOINT_SECONDS; else export MARCONI_CHECKPOINT_SECONDS=$((every / 3 + 1)); fi
  "$bench" "${words[@]}" --threads $((part % 2 + 1)) >"$scratch/output" 2>"$scratch/errors" &
  child=$!
  part=$((part + 1))
}

while ((killed < kills)); do
  proceed
  while is_spared && kill -0 "$child" 2>/dev/null; do sleep 0.1; done
  draw $((every * 1800))
  milliseconds=$((drawn + every * 100))
  sleep "$((milliseconds / 1000)).$(printf %03d $((milliseconds % 1000)))"
  command kill -9 "$child" 2>/dev/null
  { wait "$child"; } 2>/dev/null
  code=$?
  child=
  if [[ $code -ne 137 ]]; then break; fi
  killed=$((killed + 1))
  printf 'kill %3d after %6d ms  %s\n' "$killed" "$milliseconds" "$(cut -c1-100 "$scratch/errors" | grep -E 'goes on|jobs are done' | tail -n 1 | sed "s|$run/||")"
done
if ((killed < kills)); then
  fail "a part ended by itself with code $code after $killed of $kills kills: $(tail -n 1 "$scratch/errors")"
fi
proceed
wait "$child" || fail "the last part ended with code $?: $(tail -n 1 "$scratch/errors")"
child=

compared=0
while IFS= read -r file; do
  compared=$((compared + 1))
  cmp -s "$whole/$file" "$run/$file" || fail "$file differs"
done < <(cd "$whole" && find . -path '*/figures/*' -type f -o -name metrics.jsonl -o -name claims.json | sort)
((compared > 0)) || fail "the uninterrupted run left nothing to compare"
[[ -z $(find "$run" -name '*.part' -o -name 'new.safetensors') ]] || fail "half-written files are left"

echo "$killed kills of 'reproduce all --scale $scale', $compared files compared, $failures differences or failures"
((failures == 0)) && isComplete=yes
