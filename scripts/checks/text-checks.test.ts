import { describe, expect, it } from 'vitest'
import { findBrokenLinks } from './document-links.ts'
import { findBadNames } from './file-names.ts'
import { findGrowingFiles, findLongFiles } from './file-sizes.ts'
import { findReadmeFaults } from './folder-readmes.ts'
import { findSilentSwitches } from './lint-switches.ts'
import { findMachineTraces } from './machine-traces.ts'
import { findTagFault, releaseNotes } from './release-notes.ts'
import { findSpareRootFiles } from './root-files.ts'
import { findRawColours } from './style-colours.ts'

const lines = (path: string, count: number) => ({ path, text: 'x\n'.repeat(count) })

describe('file sizes', () => {
  it('fail from 501 lines on, tests too', () => {
    const files = [
      lines('main/a.ts', 500),
      lines('main/b.ts', 501),
      lines('main/c.test.ts', 500),
      lines('e2e/d.ts', 501),
    ]
    expect(findLongFiles(files).map((finding) => finding.split(' ')[0])).toEqual(['main/b.ts', 'e2e/d.ts'])
  })

  it('are warned about from 301 lines on', () => {
    expect(findGrowingFiles([lines('main/a.ts', 300), lines('main/b.ts', 301)])).toHaveLength(1)
  })

  it('do not matter for tables and fixtures', () => {
    expect(
      findLongFiles([lines('server-bridge/contract/a.ts', 900), lines('e2e/fixtures/a.ts', 900)]),
    ).toEqual([])
  })
})

describe('file names', () => {
  it.each([
    'main/lib/utils.ts',
    'main/Lib/a.ts',
    'renderer/ui/Button.tsx',
    'server-bridge/client/index.ts',
    'main/fooBar.ts',
  ])('cannot be %s', (path) => {
    expect(findBadNames([path])).toHaveLength(1)
  })

  it.each([
    'main/index.ts',
    'renderer/features/templates/index.ts',
    'main/lib/atomic-file.test.ts',
    'scripts/vitest/vitest.config.ts',
    'docs/Notes.md',
    'renderer/vite-env.d.ts',
  ])('can be %s', (path) => {
    expect(findBadNames([path])).toEqual([])
  })
})

describe('folder READMEs', () => {
  it('have to be there and to fit on a screen', () => {
    const files = [lines('main/README.md', 40), lines('e2e/README.md', 41)]
    expect(findReadmeFaults(['main', 'e2e', 'bench'], files)).toEqual([
      'e2e/README.md has 41 lines (at most 40)',
      expect.stringMatching(/^bench\/README.md is missing/),
    ])
  })
})

describe('root files', () => {
  it('are few', () => {
    expect(findSpareRootFiles(['package.json', 'README.md', 'vitest.config.ts'])).toEqual([
      expect.stringMatching(/^vitest.config.ts /),
    ])
  })
})

describe('links of documents', () => {
  const exists = (path: string) => path === 'docs/testing.md'

  it('have to lead to a file', () => {
    const text = '[a](testing.md#layers) [b](gone.md) <img src="shot.png" alt="">'
    expect(findBrokenLinks([{ path: 'docs/README.md', text }], exists)).toEqual([
      'docs/README.md links to gone.md, which is not there',
      'docs/README.md links to shot.png, which is not there',
    ])
  })

  it('may lead out of the repository', () => {
    expect(
      findBrokenLinks([{ path: 'README.md', text: '[a](https://coder.com) [b](#top)' }], exists),
    ).toEqual([])
  })
})

describe('lint switches', () => {
  const find = (text: string) => findSilentSwitches([{ path: 'a.ts', text }])

  it('need the names of the rules and a reason', () => {
    expect(find(['//', 'eslint-disable-next-line no-console'].join(' '))).toHaveLength(1)
    expect(find(['/*', 'eslint-disable */'].join(' '))).toHaveLength(1)
    expect(find(`x() ${['//', 'eslint-disable-line no-console --'].join(' ')} `)).toHaveLength(1)
  })

  it('are fine with both', () => {
    expect(find(['//', 'eslint-disable-next-line no-console -- there is no log yet'].join(' '))).toEqual([])
  })
})

describe('machine traces', () => {
  it('are found in any text', () => {
    const path = ['', 'work', 'main'].join('/')
    const host = ['registry', 'npmjs', 'org'].join('.')
    expect(findMachineTraces([{ path: 'a.md', text: `cd ${path}` }])).toHaveLength(1)
    expect(findMachineTraces([{ path: 'a.json', text: `"https://${host}/ws"` }])).toHaveLength(1)
  })

  it('are not seen in paths of the repository', () => {
    expect(
      findMachineTraces([{ path: 'a.ts', text: "import './work/queue.ts'; const a = 'https://x/work/1'" }]),
    ).toEqual([])
  })
})

describe('style colours', () => {
  it('are refused outside the tokens', () => {
    const text =
      'a { color: #fff; }\nb { color: var(--text); }\n/* not #000 */\nc { border: 1px solid oklch(0.5 0 0); }'
    expect(
      findRawColours([
        { path: 'a.css', text },
        { path: 'styles/tokens.css', text },
      ]),
    ).toEqual([expect.stringMatching(/^a.css:1 /), expect.stringMatching(/^a.css:4 /)])
  })

  it('are not seen in selectors', () => {
    expect(findRawColours([{ path: 'a.css', text: '#feedback { color: var(--text) }' }])).toEqual([])
  })
})

describe('a release', () => {
  const changelog = '# Changes\n\n## 1.2.0\n\n- New.\n\n## 1.1.0\n\n- Old.\n'

  it('takes its notes from its section of the change log', () => {
    expect(releaseNotes(changelog, '1.2.0')).toBe('- New.')
    expect(releaseNotes(changelog, '1.1.0')).toBe('- Old.')
    expect(releaseNotes(changelog, '1.1')).toBeUndefined()
  })

  it('needs a tag that names the version, and notes', () => {
    expect(findTagFault('v1.2.0', '1.2.0', changelog)).toBeUndefined()
    expect(findTagFault('v1.2.0', '1.2.1', changelog)).toContain('it must be v1.2.1')
    expect(findTagFault('1.2.0', '1.2.0', changelog)).toContain('it must be v1.2.0')
    expect(findTagFault('v2.0.0', '2.0.0', changelog)).toContain('says nothing about 2.0.0')
  })
})
