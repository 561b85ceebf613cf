terraform {
  required_providers {
    coder = {
      source = "coder/coder"
    }
  }
}

provider "coder" {}

data "coder_provisioner" "me" {}

data "coder_parameter" "repository" {
  name         = "repository"
  display_name = "Repository"
  description  = "What to clone: `https://…`, `ssh://…`, `git@host:path` or a folder on this machine. Empty starts a new repository."
  type         = "string"
  default      = ""
  mutable      = false
  icon         = "/icon/git.svg"
  order        = 1

  validation {
    regex = local.address
    error = local.address_error
  }
}

data "coder_parameter" "branch" {
  name         = "branch"
  display_name = "Branch or tag"
  description  = "What to check out after the clone. Empty takes the repository's own default."
  type         = "string"
  default      = ""
  mutable      = false
  icon         = "/icon/git.svg"
  order        = 2

  validation {
    regex = "^([A-Za-z0-9][A-Za-z0-9._/+@#-]{0,199})?$"
    error = "Use the name of a branch or tag: letters, digits and . _ / + @ # -, and start with a letter or a digit."
  }
}

data "coder_parameter" "folder" {
  name         = "folder"
  display_name = "Folder"
  description  = "Where the clone goes, inside the workspace. Your shells start there."
  type         = "string"
  default      = "repository"
  mutable      = false
  icon         = "/icon/folder.svg"
  order        = 3

  validation {
    regex = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
    error = "Use up to 64 letters, digits, dots, dashes and underscores, and start with a letter or a digit."
  }
}

data "coder_parameter" "dotfiles" {
  name         = "dotfiles"
  display_name = "Dotfiles repository"
  description  = "Cloned to `.dotfiles` in the workspace's folder and kept up to date. Empty: none."
  type         = "string"
  default      = ""
  mutable      = true
  icon         = "/icon/dotfiles.svg"
  order        = 4

  validation {
    regex = local.address
    error = local.address_error
  }
}

data "coder_parameter" "install_dotfiles" {
  name         = "install_dotfiles"
  display_name = "Install the dotfiles"
  description  = "Runs the dotfiles' own install script at every start. It may change files in your home folder, which on this machine is your own."
  type         = "bool"
  default      = false
  mutable      = true
  icon         = "/icon/dotfiles.svg"
  order        = 5
}

locals {
  is_windows = data.coder_provisioner.me.os == "windows"

  # Three forms, none of which can begin with a dash where a program would take it for an option.
  web           = "(https?|ssh|git|file)://[^[:space:]'\"$`\\\\-][^[:space:]'\"$`\\\\]*"
  ssh           = "[A-Za-z0-9_][A-Za-z0-9_.-]*@[A-Za-z0-9][A-Za-z0-9.-]*:[A-Za-z0-9~/_][^[:space:]'\"$`\\\\]*"
  path          = "/[^'\"$`\\\\]*"
  address       = "^(${local.web}|${local.ssh}|${local.path})?$"
  address_error = "Use an address that starts with https://, ssh://, git:// or file://, the form git@host:path, or an absolute folder, without quotes, dollar signs and backslashes."
}

# On a Coder deployment elsewhere, add the machine or container that runs coder_agent.main.init_script, and set os and
# arch to those of that machine. Everything else stays as it is.
resource "coder_agent" "main" {
  os   = data.coder_provisioner.me.os
  arch = data.coder_provisioner.me.arch
  dir  = data.coder_parameter.folder.value

  # Values reach the scripts as variables, never as part of their text: no value can become a command.
  env = {
    TEMPLATE_REPOSITORY       = data.coder_parameter.repository.value
    TEMPLATE_BRANCH           = data.coder_parameter.branch.value
    TEMPLATE_FOLDER           = data.coder_parameter.folder.value
    TEMPLATE_DOTFILES         = data.coder_parameter.dotfiles.value
    TEMPLATE_INSTALL_DOTFILES = data.coder_parameter.install_dotfiles.value
  }

  startup_script_behavior = "blocking"
  startup_script          = local.is_windows ? "@echo This template needs Linux or macOS." : file("${path.module}/clone.sh")

  metadata {
    key          = "branch"
    display_name = "Branch"
    script       = "cd \"$${OUTPOST_WORKSPACE_DIR:-$HOME}/$TEMPLATE_FOLDER\" && git symbolic-ref --short -q HEAD || git rev-parse --short HEAD"
    interval     = 10
    timeout      = 5
    order        = 1
  }

  metadata {
    key          = "changes"
    display_name = "Changed files"
    script       = "cd \"$${OUTPOST_WORKSPACE_DIR:-$HOME}/$TEMPLATE_FOLDER\" && git status --porcelain | wc -l | tr -d ' '"
    interval     = 10
    timeout      = 5
    order        = 2
  }
}

# Not part of the login's wait: a broken dotfiles repository keeps nobody out.
resource "coder_script" "dotfiles" {
  count        = data.coder_parameter.dotfiles.value == "" || local.is_windows ? 0 : 1
  agent_id     = coder_agent.main.id
  display_name = "Dotfiles"
  icon         = "/icon/dotfiles.svg"
  run_on_start = true
  timeout      = 600
  script       = file("${path.module}/dotfiles.sh")
}
