// The whole conformance suite must meet every route's success and each error its contract names: what no test has seen
// fails the run. A run of some files or tests says nothing about the rest, and one that failed already has said enough.
import { mkdirSync, rmSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { externalTarget } from '../../server-bridge/testing/conformance-target.ts'
import { SEEN_ANSWERS_FOLDER, unmetAnswers } from '../../server-bridge/testing/seen-answers.ts'

async function isWholeRun(project: TestProject): Promise<boolean> {
  if (externalTarget() !== undefined || project.config.testNamePattern !== undefined) return false
  const passed = project.vitest.state
    .getFiles()
    .filter(({ projectName, result }) => projectName === project.name && result?.state === 'pass')
  const { testFiles } = await project.globTestFiles()
  return testFiles.every((file) => passed.some(({ filepath }) => filepath === file))
}

/** Makes room for what the tests see, and looks at it when they are done. */
export function setup(project: TestProject): () => Promise<void> {
  const folder = project.config.env[SEEN_ANSWERS_FOLDER]
  if (folder === undefined)
    throw new Error(`The project ${project.name} does not set ${SEEN_ANSWERS_FOLDER}.`)
  // One that was interrupted may have had the same number of its process.
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return async () => {
    try {
      if (!(await isWholeRun(project))) return
      const unmet = unmetAnswers(folder)
      if (unmet.length === 0) return
      process.exitCode = 1
      console.error(
        ['No test of the conformance suite meets these answers of the contract:', ...unmet].join('\n  '),
      )
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
