/**
 * What chats do in a workspace, over the agent link (see agent-link.ts). Ours; limits and words are those of Coder's
 * agents (agents-api 11 and 12.2). Paths may begin with `~`, which is the workspace's folder, or be relative to the folder
 * of its shells, and stay inside of the two. A refusal is 400 with `{message}`, for the model to read.
 */
import { z } from 'zod'
import {
  desktopActionAnswerSchema,
  desktopActionRequestSchema,
  desktopRecordingAnswerSchema,
} from './desktop-actions.ts'
import { gitFileActions, gitFileSchema, maxGitDiffBytes } from './chats-git.ts'

export const readFileRequestSchema = z.strictObject({
  path: z.string().min(1),
  /** The first line, from 1. */
  offset: z.int().min(1),
  limit: z.int().min(1),
})
export const readFileAnswerSchema = z.strictObject({
  /** Each line after its number and a tab. */
  content: z.string(),
  file_size: z.int(),
  total_lines: z.int(),
  lines_read: z.int(),
})

/** As it is, without numbers of lines. */
export const readTextRequestSchema = z.strictObject({ path: z.string().min(1), max_bytes: z.int().min(1) })
export const readTextAnswerSchema = z.strictObject({ content: z.string() })
/** A regular file whole, of up to `max_bytes`. */
export const readBytesRequestSchema = z.strictObject({
  path: z.string().min(1),
  max_bytes: z
    .int()
    .min(1)
    .max(10 * 1024 * 1024),
})
/** Base64. */
export const readBytesAnswerSchema = z.strictObject({ data: z.string() })

export const writeFileRequestSchema = z.strictObject({ path: z.string().min(1), content: z.string() })
export const writeFileAnswerSchema = z.strictObject({ ok: z.literal(true) })

export const listDirectoryRequestSchema = z.strictObject({ path: z.string().min(1) })
export const listDirectoryAnswerSchema = z.strictObject({
  entries: z.array(
    z.strictObject({
      name: z.string(),
      type: z.enum(['file', 'folder', 'link', 'other']),
      /** Of files, in bytes. */
      size: z.int().optional(),
    }),
  ),
  total: z.int(),
  truncated: z.boolean(),
})

export const searchFilesRequestSchema = z.strictObject({
  /** The folder to begin in. */
  path: z.string().min(1),
  /** Text that lines hold, as it is. Empty: the files themselves are looked for. */
  query: z.string(),
  case_sensitive: z.boolean(),
  /** A name with `*` and `?`. Empty: any. */
  name: z.string(),
  limit: z.int().min(1).max(1000),
})
export const searchFilesAnswerSchema = z.strictObject({
  /** `line` counts from 1; without it the file's name is what fits. */
  matches: z.array(
    z.strictObject({ path: z.string(), line: z.int().optional(), text: z.string().optional() }),
  ),
  files_searched: z.int(),
  /** There may be more. */
  truncated: z.boolean(),
})

/** Where skills lie in a workspace: one folder each, with a `SKILL.md` that begins with a front matter. */
export const skillsFolder = '.agents/skills'
export const maxSkillsOfWorkspace = 100
export const maxSkillHeadChars = 8 * 1024
/** One folder, which no part of a path can be. */
const skillDir = z
  .string()
  .min(1)
  .max(255)
  .refine((dir) => !/[/\\\0]/.test(dir) && dir !== '.' && dir !== '..')
export const listSkillsAnswerSchema = z.strictObject({
  skills: z
    .array(z.strictObject({ dir: skillDir, head: z.string().max(maxSkillHeadChars), size: z.int().min(0) }))
    .max(maxSkillsOfWorkspace),
})
/** A text file of up to 64 KiB that lies in the skill's folder, links followed. Empty: `SKILL.md`. */
export const readSkillRequestSchema = z.strictObject({ dir: skillDir, path: z.string().max(1000) })
export const readSkillAnswerSchema = z.strictObject({
  content: z.string().max(64 * 1024),
  /** With `SKILL.md`: the others of the skill. */
  files: z.array(z.string().max(4096)).max(200),
})

const editSchema = z.strictObject({
  old_text: z.string(),
  new_text: z.string(),
  replace_all: z.boolean(),
})
export type TextEdit = z.infer<typeof editSchema>
export const editFilesRequestSchema = z.strictObject({
  files: z.array(z.strictObject({ path: z.string().min(1), edits: z.array(editSchema).min(1) })).min(1),
})
/** All or none of the files; `diff` is a unified one. */
export const editFilesAnswerSchema = z.strictObject({
  files: z.array(z.strictObject({ path: z.string(), diff: z.string() })),
})

export const startProcessRequestSchema = z.strictObject({
  chat_id: z.uuid(),
  command: z.string().min(1),
  /** Empty: where shells begin. */
  workdir: z.string(),
  /** Nobody waits for its end. */
  background: z.boolean(),
})
export const startProcessAnswerSchema = z.strictObject({ id: z.uuid() })

const processSchema = z.strictObject({
  id: z.uuid(),
  command: z.string(),
  workdir: z.string(),
  background: z.boolean(),
  running: z.boolean(),
  /** Null while it runs. */
  exit_code: z.int().nullable(),
  started_at_ms: z.number(),
  exited_at_ms: z.number().nullable(),
})
export const processesAnswerSchema = z.strictObject({ processes: z.array(processSchema) })

export const processOutputRequestSchema = z.strictObject({
  chat_id: z.uuid(),
  id: z.uuid(),
  /** How long to wait for its end; 0: not at all. */
  wait_ms: z.int().min(0).max(300_000),
})
export const processOutputAnswerSchema = z.strictObject({
  ...processSchema.shape,
  output: z.string(),
  original_bytes: z.int(),
  omitted_bytes: z.int(),
})
export type ProcessOutput = z.infer<typeof processOutputAnswerSchema>

export const signalProcessRequestSchema = z.strictObject({
  chat_id: z.uuid(),
  id: z.uuid(),
  /** With all it started. `terminate` asks first. */
  signal: z.enum(['terminate', 'kill']),
})
export const processListRequestSchema = z.strictObject({ chat_id: z.uuid() })

const scannedRepositorySchema = z.strictObject({
  repo_root: z.string(),
  /** Empty: no branch is checked out. */
  branch: z.string(),
  /** Empty: none; never with credentials in it. */
  remote_origin: z.string(),
  /** The default branch of the origin; empty: not known. */
  base_branch: z.string(),
  /** The origin has a branch of this name. */
  pushed: z.boolean(),
  /** Against the last commit. */
  unified_diff: z.string().max(maxGitDiffBytes),
  /** Sums of the work of the branch since it left `base_branch`, else since the last commit. */
  additions: z.int(),
  deletions: z.int(),
  changed_files: z.int(),
  files: z.array(z.strictObject(gitFileSchema.shape)),
})
export type ScannedRepository = z.infer<typeof scannedRepositorySchema>
/** All diffs together have at most `maxGitDiffBytes`; of what would be more only the names are there. */
export const gitScanAnswerSchema = z.strictObject({ repositories: z.array(scannedRepositorySchema) })

/** Null: there is no repository. */
export const branchDiffAnswerSchema = z.strictObject({
  repository: z
    .strictObject({
      branch: z.string(),
      remote_origin: z.string(),
      base_branch: z.string(),
      pushed: z.boolean(),
      /** Of the commits since the branch left `base_branch`. Absent: git cannot tell, or knows none in common. */
      unified_diff: z.string().max(maxGitDiffBytes).optional(),
    })
    .nullable(),
})

export const changeGitFileRequestSchema = z.strictObject({
  repo_root: z.string().min(1),
  /** Of one file, from the root of the repository. */
  path: z.string().min(1),
  action: z.enum(gitFileActions),
})

/** Where git looks: the repository a path is in, or the only one there is below the folder of the shells. */
const gitPath = z.string().min(1)
/** A commit in git's words, such as a branch, a tag or `HEAD~2`. */
const gitRevision = z.string().min(1).max(250)
export const gitStatusRequestSchema = z.strictObject({ path: gitPath })
export const gitStatusAnswerSchema = z.strictObject({
  repo_root: z.string(),
  /** Empty: no branch is checked out. */
  branch: z.string(),
  /** Null: there is none yet. */
  commit: z.string().nullable(),
  /** The branch of the origin that the work is compared with, as git names it, and how many commits they differ by. */
  base: z.strictObject({ revision: z.string(), ahead: z.int(), behind: z.int() }).optional(),
  /** What a merge left to be put together; in none of the others. */
  conflicted: z.array(z.string()),
  staged: z.array(z.string()),
  unstaged: z.array(z.string()),
  untracked: z.array(z.string()),
  /** There are more files. */
  truncated: z.boolean(),
})
export const gitDiffRequestSchema = z.strictObject({
  path: gitPath,
  /** Absent: the last commit. */
  from: gitRevision.optional(),
  /** Absent: the files as they are. */
  to: gitRevision.optional(),
})
export const gitDiffAnswerSchema = z.strictObject({
  repo_root: z.string(),
  /** Unified; of what would be too much only the names are there. */
  diff: z.string(),
  additions: z.int(),
  deletions: z.int(),
  changed_files: z.int(),
})
export const gitLogRequestSchema = z.strictObject({
  path: gitPath,
  revision: gitRevision.optional(),
  limit: z.int().min(1).max(100),
})
export const gitLogAnswerSchema = z.strictObject({
  repo_root: z.string(),
  /** The newest first. `date` is when it was written, in the author's time zone. */
  commits: z.array(
    z.strictObject({ commit: z.string(), author: z.string(), date: z.string(), message: z.string() }),
  ),
  /** There are older ones. */
  truncated: z.boolean(),
})

/** Bodies and answers are JSON. 409 before the first manifest, 404 for a process that is not of the chat. */
export const agentToolRoutes = {
  readFile: {
    method: 'POST',
    path: '/tools/read-file',
    body: readFileRequestSchema,
    answer: readFileAnswerSchema,
  },
  readText: {
    method: 'POST',
    path: '/tools/read-text',
    body: readTextRequestSchema,
    answer: readTextAnswerSchema,
  },
  readBytes: {
    method: 'POST',
    path: '/tools/read-bytes',
    body: readBytesRequestSchema,
    answer: readBytesAnswerSchema,
  },
  writeFile: {
    method: 'POST',
    path: '/tools/write-file',
    body: writeFileRequestSchema,
    answer: writeFileAnswerSchema,
  },
  editFiles: {
    method: 'POST',
    path: '/tools/edit-files',
    body: editFilesRequestSchema,
    answer: editFilesAnswerSchema,
  },
  listDirectory: {
    method: 'POST',
    path: '/tools/list-directory',
    body: listDirectoryRequestSchema,
    answer: listDirectoryAnswerSchema,
  },
  searchFiles: {
    method: 'POST',
    path: '/tools/search-files',
    body: searchFilesRequestSchema,
    answer: searchFilesAnswerSchema,
  },
  listSkills: {
    method: 'POST',
    path: '/tools/skills/list',
    body: z.strictObject({}),
    answer: listSkillsAnswerSchema,
  },
  readSkill: {
    method: 'POST',
    path: '/tools/skills/read',
    body: readSkillRequestSchema,
    answer: readSkillAnswerSchema,
  },
  startProcess: {
    method: 'POST',
    path: '/tools/processes/start',
    body: startProcessRequestSchema,
    answer: startProcessAnswerSchema,
  },
  listProcesses: {
    method: 'POST',
    path: '/tools/processes/list',
    body: processListRequestSchema,
    answer: processesAnswerSchema,
  },
  processOutput: {
    method: 'POST',
    path: '/tools/processes/output',
    body: processOutputRequestSchema,
    answer: processOutputAnswerSchema,
  },
  /** Answers when the process has ended. */
  signalProcess: {
    method: 'POST',
    path: '/tools/processes/signal',
    body: signalProcessRequestSchema,
    answer: processOutputAnswerSchema,
  },
  scanGit: {
    method: 'POST',
    path: '/tools/git/scan',
    body: z.strictObject({}),
    answer: gitScanAnswerSchema,
  },
  gitStatus: {
    method: 'POST',
    path: '/tools/git/status',
    body: gitStatusRequestSchema,
    answer: gitStatusAnswerSchema,
  },
  gitDiff: {
    method: 'POST',
    path: '/tools/git/diff',
    body: gitDiffRequestSchema,
    answer: gitDiffAnswerSchema,
  },
  gitLog: {
    method: 'POST',
    path: '/tools/git/log',
    body: gitLogRequestSchema,
    answer: gitLogAnswerSchema,
  },
  branchDiff: {
    method: 'POST',
    path: '/tools/git/branch',
    body: z.strictObject({}),
    answer: branchDiffAnswerSchema,
  },
  /** Starts the virtual desktop unless it runs; its screen is `agentRoutes.desktop`. 501 where it has no program. */
  startDesktop: {
    method: 'POST',
    path: '/tools/desktop/start',
    body: z.strictObject({}),
    answer: z.strictObject({ ok: z.literal(true) }),
  },
  /** Starts the desktop too. An action ends with the request for it. */
  actOnDesktop: {
    method: 'POST',
    path: '/tools/desktop/action',
    body: desktopActionRequestSchema,
    answer: desktopActionAnswerSchema,
  },
  /** Ends the recording of what a chat does on the desktop; its next action begins another. */
  takeDesktopRecording: {
    method: 'POST',
    path: '/tools/desktop/recording',
    body: z.strictObject({ chat_id: z.uuid() }),
    answer: desktopRecordingAnswerSchema,
  },
  changeGitFile: {
    method: 'POST',
    path: '/tools/git/change',
    body: changeGitFileRequestSchema,
    answer: z.strictObject({ ok: z.literal(true) }),
  },
} as const
export type AgentToolRoute = (typeof agentToolRoutes)[keyof typeof agentToolRoutes]
