#!/usr/bin/env bash
# Prepares a project for agents: a repository to see and take back what they do, and their instructions.
# Runs again at every start: what is in the project stays, the checkpoint is on a branch of its own.
set -eu

cd "${OUTPOST_WORKSPACE_DIR:-$HOME}"
mkdir -p -- "./$TEMPLATE_PROJECT"
cd -- "./$TEMPLATE_PROJECT"

if [ ! -e AGENTS.md ] && [ -n "$TEMPLATE_INSTRUCTIONS" ]; then
  printf '# Instructions for agents\n\n%s\n' "$TEMPLATE_INSTRUCTIONS" >AGENTS.md
  echo "Wrote the instructions to AGENTS.md."
fi

found=""
for tool in claude codex gemini opencode aider goose; do
  if command -v "$tool" >/dev/null 2>&1; then
    found="$found $tool"
  fi
done
if [ -n "$found" ]; then
  echo "Agents of the command line on this machine:$found"
else
  echo "No agent of the command line was found on this machine. The chat of Outpost needs none."
fi

if ! command -v git >/dev/null 2>&1; then
  echo "git is missing, so an agent's changes cannot be shown or taken back." >&2
  echo "Install it (Debian, Ubuntu: sudo apt-get install git; macOS: xcode-select --install) and start the workspace again." >&2
  exit 0
fi

if [ ! -e .git ]; then
  git init --quiet
  echo "Started a repository in $TEMPLATE_PROJECT."
fi
if [ "$TEMPLATE_CHECKPOINT" != true ]; then
  exit 0
fi

# The state of the files as a commit, made beside the index and the branch you are on: neither changes.
index="$(git rev-parse --git-dir)/checkpoint-index"
rm -f -- "$index"
tree="$(GIT_INDEX_FILE="$index" sh -c 'git add --all && git write-tree')"
rm -f -- "$index"
last="$(git rev-parse --verify --quiet refs/heads/checkpoint || true)"
if [ -n "$last" ] && [ "$(git rev-parse "$last^{tree}")" = "$tree" ]; then
  echo "Nothing changed since the last checkpoint."
  exit 0
fi
parents=()
if [ -n "$last" ]; then
  parents=(-p "$last")
fi
export GIT_AUTHOR_NAME=checkpoint GIT_AUTHOR_EMAIL=checkpoint@localhost
export GIT_COMMITTER_NAME=checkpoint GIT_COMMITTER_EMAIL=checkpoint@localhost
commit="$(git commit-tree "$tree" ${parents[@]+"${parents[@]}"} -m 'Start of the workspace')"
git update-ref refs/heads/checkpoint "$commit"
echo "Checkpoint $(git rev-parse --short "$commit"). See what changed since: git diff checkpoint"
