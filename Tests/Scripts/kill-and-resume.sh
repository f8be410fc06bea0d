#!/usr/bin/env bash
# Kills a run with `kill -9` at seeded instants, resumes it, and compares what comes out with an uninterrupted run, byte for byte.
#
#   kill-and-resume.sh [N] [--threads] [--pack NAME]
#
# N is the number of kills (20), NAME the pack whose smoke run is killed (d2d). With --threads every part of a run takes another number of threads than the part before it.
# The tool is $BENCH, or .build/release/bench of this repository; it is not built here. Exit code 1 on any difference.
set -u

kills=20
alternates=false
pack=d2d
while (($# > 0)); do
  case $1 in
    --threads) alternates=true ;;
    --pack)
      shift
      pack=${1:-}
      ;;
    *[!0-9]* | '' | 0) echo "usage: kill-and-resume.sh [N] [--threads] [--pack NAME]" >&2; exit 2 ;;
    *) kills=$1 ;;
  esac
  shift || break
done

source "$(dirname "${BASH_SOURCE[0]}")/killing.sh"

finish() {
  [[ -n $child ]] && kill -9 "$child" 2>/dev/null
  rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT TERM

# A checkpoint after every chunk: most instants then lie in or between the writing of two.
export MARCONI_CHECKPOINT_SECONDS=0

milliseconds() { echo $(($(date +%s%N) / 1000000)); }
wait_milliseconds() { sleep "$(($1 / 1000)).$(printf %03d $(($1 % 1000)))"; }

# The parts of all runs take turns between one thread and two.
part=0
launch() {
  local words=(reproduce)
  if [[ $1 == new ]]; then words+=("$pack" --scale smoke --out "$run"); else words+=(--resume "$run"); fi
  if $alternates; then words+=(--threads $((part % 2 + 1))); fi
  part=$((part + 1))
  "$bench" "${words[@]}" >>"$scratch/output" 2>>"$scratch/errors" &
  child=$!
}

# Waits for the child; its exit code is left in $code.
reap() {
  { wait "$child"; } 2>/dev/null
  code=$?
  child=
}

# Goes on with the run, or begins it where the kill came before its manifest.
proceed() { if [[ -f $run/manifest.json ]]; then launch resume; else launch new; fi; }

# Whether a checkpoint is being written: its bytes stand in a file that ends in .part until they are complete.
is_writing() { compgen -G "$run/checkpoints/*.part" >/dev/null; }

run=$scratch/whole
begin=$(milliseconds)
launch new
reap
duration=$(($(milliseconds) - begin))
if [[ $code -ne 0 ]]; then
  echo "kill-and-resume: the uninterrupted run failed:" >&2
  cat "$scratch/errors" >&2
  exit 1
fi
echo "uninterrupted: $duration ms, $(wc -l <"$run/metrics.jsonl") lines of metrics"

writing=0
went_on=0
for ((kill = 1; kill <= kills; kill++)); do
  # Every fifth kill waits for a checkpoint that is being written; the others spread evenly over the run.
  aims=$((kill % 5 == 0))
  draw 1000
  instant=$((duration * (1000 * (kill - 1) + drawn) / (1000 * kills)))
  where=
  for ((attempt = 1; attempt <= 5; attempt++)); do
    run=$scratch/killed
    rm -rf "$run"
    : >"$scratch/errors"
    launch new
    wait_milliseconds "$instant"
    if ((aims)); then
      until is_writing || ! kill -0 "$child" 2>/dev/null; do :; done
    fi
    command kill -9 "$child" 2>/dev/null
    reap
    [[ $code -eq 137 ]] && break
    # The run was quicker than the first one: an earlier instant.
    instant=$((instant / 2))
  done
  if [[ $code -ne 137 ]]; then
    fail "kill $kill: the run ended by itself with code $code before it could be killed"
    continue
  fi
  if is_writing; then
    writing=$((writing + 1))
    where="while writing a checkpoint"
  elif [[ -f $run/checkpoints/new.safetensors ]]; then
    where="between writing and naming a checkpoint"
  elif [[ ! -f $run/manifest.json ]]; then
    where="before the manifest"
  elif [[ -f $run/claims.json || -n $(ls "$run/figures") ]]; then
    where="while writing the results"
  else
    where="between two checkpoints"
  fi
  again=
  if ((kill % 3 == 0)); then
    draw $((duration - instant > 100 ? duration - instant : 100))
    proceed
    wait_milliseconds "$drawn"
    command kill -9 "$child" 2>/dev/null
    reap
    case $code in
      137) again=", again $drawn ms after it was resumed" ;;
      0) ;;
      *) fail "kill $kill: the resumed run ended with code $code: $(tail -n 1 "$scratch/errors")" ;;
    esac
  fi
  proceed
  reap
  if [[ $code -ne 0 ]]; then
    fail "kill $kill: the resumed run ended with code $code: $(tail -n 1 "$scratch/errors")"
    continue
  fi
  grep -qE "goes on with job|jobs are done" "$scratch/errors" && went_on=$((went_on + 1))
  same=true
  for name in metrics.jsonl claims.json; do
    cmp -s "$scratch/whole/$name" "$run/$name" || { fail "kill $kill: $name differs"; same=false; }
  done
  diff -r "$scratch/whole/figures" "$run/figures" >/dev/null || { fail "kill $kill: figures differ"; same=false; }
  if [[ -n $(find "$run" -name '*.part' -o -name 'new.safetensors') ]]; then fail "kill $kill: half-written files are left"; fi
  if $same; then verdict="same bytes"; else verdict="OTHER BYTES"; fi
  printf 'kill %2d  at %5d ms  %s%s: %s\n' "$kill" "$instant" "$where" "$again" "$verdict"
done

echo "$kills kills, $writing of them while a checkpoint was written, $went_on resumed from a checkpoint; $failures failures"
if ((kills >= 10 && writing * 10 < kills)); then fail "fewer than a tenth of the kills fell into the writing of a checkpoint"; fi
if ((went_on * 2 < kills)); then fail "fewer than half of the runs went on from a checkpoint"; fi
((failures == 0))
