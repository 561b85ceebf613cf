import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { userDataFolder } from '../fixtures/running-outpost.ts'
import { expect, test } from '../fixtures/test.ts'

// A harness that notices nothing would make every journey green, so each thing it looks for is provoked once.
test.describe('The harness notices', () => {
  test('an error on the console', async ({ window, problems }) => {
    problems.allow(/^console error: provoked/)
    await window.evaluate(() => {
      // eslint-disable-next-line no-console -- this is what is to be noticed
      console.error('provoked')
    })
    await expect.poll(() => problems.all()).toContain('console error: provoked')
  })

  test('an exception that nobody caught', async ({ window, problems }) => {
    problems.allow(/provoked exception/)
    await window.evaluate(() => {
      setTimeout(() => {
        throw new Error('provoked exception')
      })
    })
    await expect.poll(() => problems.all().some((problem) => problem.startsWith('page error'))).toBe(true)
  })

  test('a violation of the page’s policy', async ({ window, problems }) => {
    problems.allow(/outpost-journey\.invalid/)
    await window.evaluate(() => {
      const image = document.createElement('img')
      image.src = 'https://outpost-journey.invalid/picture.png'
      document.body.append(image)
    })
    await expect
      .poll(() => problems.all().some((problem) => problem.startsWith('policy violation')))
      .toBe(true)
  })

  test('a secret in a file of the app', async ({ outpost, session, problems }) => {
    problems.allow(/^a secret lies in plain text in .*\/provoked\.json$/)
    const running = await outpost.launch()
    await writeFile(path.join(userDataFolder(session), 'provoked.json'), '{"token":"seeded-secret-provoked"}')
    await running.quit()
    expect(problems.all()).toContainEqual(expect.stringContaining('provoked.json'))
  })

  test('a process that outlives the app', async ({ outpost, session, problems }) => {
    problems.allow(/^still running after the app had ended: sleep 987654/)
    const running = await outpost.launch()
    await running.application.evaluate((_electron, folder) => {
      const { spawn } = process.getBuiltinModule('node:child_process')
      spawn('sleep', ['987654'], { cwd: folder, detached: true, stdio: 'ignore' }).unref()
    }, userDataFolder(session))
    await running.quit()
    expect(problems.all()).toContainEqual(expect.stringContaining('sleep 987654'))
  })
})
