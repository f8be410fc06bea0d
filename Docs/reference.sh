#!/usr/bin/env bash
# Builds the reference of every library with DocC into .build/docs; a warning is an error.
#
# usage: Docs/reference.sh            then open it: python3 -m http.server --directory .build/docs, and /documentation of that address
set -Eeuo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
modules=(Tensor Channels Agents Federation Scenarios)

swift build
built=$(swift build --show-bin-path)
target=$(swift -print-target-info | sed -n 's/^ *"unversionedTriple": "\(.*\)",*$/\1/p')
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

archives=()
for module in "${modules[@]}"; do
  mkdir "$scratch/$module"
  swift symbolgraph-extract -module-name "$module" -target "$target" -I "$built/Modules" -Xcc "-fmodule-map-file=$built/CKernels.build/module.modulemap" \
    -minimum-access-level public -skip-synthesized-members -output-dir "$scratch/$module"
  docc convert --warnings-as-errors --additional-symbol-graph-dir "$scratch/$module" --fallback-display-name "$module" \
    --fallback-bundle-identifier "marconi.$module" --output-path "$scratch/$module.doccarchive" >"$scratch/log" 2>&1 || {
    cat "$scratch/log" >&2
    echo "reference: DocC refused the comments of $module" >&2
    exit 1
  }
  archives+=("$scratch/$module.doccarchive")
  echo "$module: $(find "$scratch/$module.doccarchive/data" -name '*.json' | wc -l) pages"
done

docc merge "${archives[@]}" --synthesized-landing-page-name Marconi --output-path "$scratch/docs"
rm -rf .build/docs
mv "$scratch/docs" .build/docs
echo "the reference is in .build/docs"
