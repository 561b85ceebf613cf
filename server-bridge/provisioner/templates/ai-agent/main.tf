terraform {
  required_providers {
    coder = {
      source = "coder/coder"
    }
  }
}

provider "coder" {}

data "coder_provisioner" "me" {}

data "coder_parameter" "project" {
  name         = "project"
  display_name = "Project folder"
  description  = "The folder the agent works in, inside the workspace. It becomes a git repository."
  type         = "string"
  default      = "project"
  mutable      = false
  icon         = "/icon/folder.svg"
  order        = 1

  validation {
    regex = "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
    error = "Use up to 64 letters, digits, dots, dashes and underscores, and start with a letter or a digit."
  }
}

data "coder_parameter" "instructions" {
  name         = "instructions"
  display_name = "Instructions"
  description  = "What every agent should know about this project: how to build it, how to test it, what to leave alone. Written to AGENTS.md when there is none."
  type         = "string"
  form_type    = "textarea"
  default      = "Keep changes small. Run the tests before you say that something works. Ask before you delete what you did not make."
  mutable      = true
  icon         = "/emojis/1f916.png"
  order        = 2
}

data "coder_parameter" "checkpoint" {
  name         = "checkpoint"
  display_name = "Checkpoint at every start"
  description  = "Commits what is in the project when the workspace starts, on a branch of its own, so that an agent's work can always be taken back."
  type         = "bool"
  default      = true
  mutable      = true
  icon         = "/icon/git.svg"
  order        = 3
}

locals {
  is_windows = data.coder_provisioner.me.os == "windows"
}

# On a Coder deployment elsewhere, add the machine or container that runs coder_agent.main.init_script, and set os and
# arch to those of that machine. Everything else stays as it is.
resource "coder_agent" "main" {
  os   = data.coder_provisioner.me.os
  arch = data.coder_provisioner.me.arch
  dir  = data.coder_parameter.project.value

  # Values reach the scripts as variables, never as part of their text: no value can become a command.
  env = {
    TEMPLATE_PROJECT      = data.coder_parameter.project.value
    TEMPLATE_INSTRUCTIONS = data.coder_parameter.instructions.value
    TEMPLATE_CHECKPOINT   = data.coder_parameter.checkpoint.value

    # What an agent starts must not wait for a person at a pager, an editor or a password.
    PAGER               = "cat"
    GIT_PAGER           = "cat"
    GIT_TERMINAL_PROMPT = "0"
  }

  startup_script_behavior = "blocking"
  startup_script          = local.is_windows ? "@echo This template needs Linux or macOS." : file("${path.module}/start.sh")

  metadata {
    key          = "changes"
    display_name = "Changed files"
    script       = "cd \"$${OUTPOST_WORKSPACE_DIR:-$HOME}/$TEMPLATE_PROJECT\" && git status --porcelain | wc -l | tr -d ' '"
    interval     = 5
    timeout      = 5
    order        = 1
  }

  metadata {
    key          = "commit"
    display_name = "Last commit"
    script       = "cd \"$${OUTPOST_WORKSPACE_DIR:-$HOME}/$TEMPLATE_PROJECT\" && git log -1 --format='%h %s' | cut -c1-60"
    interval     = 15
    timeout      = 5
    order        = 2
  }

  metadata {
    key          = "load"
    display_name = "Load"
    script       = "uptime | sed 's/.*load averages*: *//'"
    interval     = 15
    timeout      = 5
    order        = 3
  }
}
