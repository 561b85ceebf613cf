/** One file that differs from the last commit. */
export interface ChangedFile {
  readonly path: string
  /** Something of it is in the index. */
  readonly staged: boolean
  /** Something of it is not. */
  readonly unstaged: boolean
  readonly untracked: boolean
}

export interface GitStatus {
  /** Empty: no branch is checked out. */
  readonly branch: string
  /** There is a commit to compare with. */
  readonly hasCommit: boolean
  readonly files: readonly ChangedFile[]
  /** Paths of files that a merge could not put together. */
  readonly conflicted: readonly string[]
}

/** Fields before the path, by the kind of a record (git-status, "Porcelain Format Version 2"). */
const FIELDS_BEFORE_PATH: Readonly<Record<string, number>> = { '1': 8, u: 10 }

/** Reads `git status --porcelain=v2 --branch -z --no-renames`. A record that was cut off is left out. */
export function parseGitStatus(text: string): GitStatus {
  let branch = ''
  let hasCommit = true
  const files: ChangedFile[] = []
  const conflicted: string[] = []
  for (const record of text.split('\0').slice(0, -1)) {
    const [kind = ''] = record
    if (record.startsWith('# branch.head ')) {
      const name = record.slice('# branch.head '.length)
      branch = name === '(detached)' ? '' : name
    } else if (record === '# branch.oid (initial)') hasCommit = false
    else if (kind === '?') {
      const path = record.slice(2)
      // Another repository within this one.
      if (!path.endsWith('/')) files.push({ path, staged: false, unstaged: true, untracked: true })
    } else if (kind in FIELDS_BEFORE_PATH) {
      const words = record.split(' ')
      const [staged = '.', unstaged = '.'] = words[1] ?? ''
      const path = words.slice(FIELDS_BEFORE_PATH[kind]).join(' ')
      if (kind === 'u') conflicted.push(path)
      files.push({
        path,
        staged: staged !== '.',
        unstaged: unstaged !== '.',
        untracked: false,
      })
    }
  }
  return { branch, hasCommit, files, conflicted }
}
