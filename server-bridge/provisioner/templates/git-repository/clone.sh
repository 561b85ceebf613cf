#!/usr/bin/env bash
# Clones the repository once. A clone that is there is left as it is: what you have in it is yours.
set -eu

cd "${OUTPOST_WORKSPACE_DIR:-$HOME}"
mkdir -p -- "./$TEMPLATE_FOLDER"

if ! command -v git >/dev/null 2>&1; then
  echo "git is missing, so nothing was cloned." >&2
  echo "Install it (Debian, Ubuntu: sudo apt-get install git; macOS: xcode-select --install) and start the workspace again." >&2
  exit 0
fi

# Nobody is here to answer questions, and only these ways to fetch are meant.
export GIT_TERMINAL_PROMPT=0
export GIT_ALLOW_PROTOCOL=file:git:http:https:ssh
export GIT_SSH_COMMAND="${GIT_SSH_COMMAND:-ssh -o BatchMode=yes}"

if [ -e "./$TEMPLATE_FOLDER/.git" ]; then
  echo "The repository is in $TEMPLATE_FOLDER already, on $(git -C "./$TEMPLATE_FOLDER" symbolic-ref --short -q HEAD || echo 'a commit without a branch')."
  exit 0
fi

if [ -z "$TEMPLATE_REPOSITORY" ]; then
  git init --quiet -- "./$TEMPLATE_FOLDER"
  echo "Started a new repository in $TEMPLATE_FOLDER."
  exit 0
fi

if [ -n "$(ls -A "./$TEMPLATE_FOLDER")" ]; then
  echo "The folder $TEMPLATE_FOLDER is not empty and is no repository: nothing was cloned into it." >&2
  echo "Move its files away and start the workspace again." >&2
  exit 1
fi

# Beside its place first, so that an interrupted clone never looks like a whole one.
rm -rf -- ./.clone
clone=(git clone --progress)
if [ -n "$TEMPLATE_BRANCH" ]; then
  clone+=("--branch=$TEMPLATE_BRANCH")
fi
echo "Cloning $TEMPLATE_REPOSITORY"
if ! "${clone[@]}" -- "$TEMPLATE_REPOSITORY" ./.clone 2>&1; then
  rm -rf -- ./.clone
  echo "The repository could not be cloned. Check its address and the branch." >&2
  echo "A private one needs a key in your SSH agent or a credential helper of git: nobody can type a password here." >&2
  exit 1
fi
rmdir -- "./$TEMPLATE_FOLDER"
mv -- ./.clone "./$TEMPLATE_FOLDER"
echo "Cloned into $TEMPLATE_FOLDER, on $(git -C "./$TEMPLATE_FOLDER" symbolic-ref --short -q HEAD || echo 'a commit without a branch')."
