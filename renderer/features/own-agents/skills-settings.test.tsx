import { act, fireEvent, screen, waitFor, within } from '@testing-library/react'
import { beforeEach, describe, expect, it } from 'vitest'
import type { UserSkill } from '#bridge/contract/user-skills'
import { failure, type FakeBridge } from '../../testing/fake-bridge.ts'
import { createQuietBridge, renderPage } from '../../testing/render-app.tsx'
import { sampleId } from '../../testing/wire-samples.ts'
import { skillPlace } from './skill-sheet.tsx'
import { SkillsSettings } from './skills-settings.tsx'
import { writtenTexts } from './written-texts.tsx'

const deploymentId = 'local'
const release: UserSkill = {
  id: sampleId(61),
  name: 'release',
  description: 'How to release',
  content: '---\nname: release\ndescription: How to release\n---\nTag it.\n',
  created_at: '2026-11-01T10:00:00Z',
  updated_at: '2026-11-02T10:00:00Z',
}

function show(first: UserSkill[] = [], prepare?: (fake: FakeBridge) => void) {
  const fake = createQuietBridge()
  let skills = first
  fake.answer('ownAgents.skills', () => skills)
  fake.answer('ownAgents.skill', ({ name }) => {
    const found = skills.find((skill) => skill.name === name)
    if (found === undefined) throw failure('not_found', 'It is not there.')
    return found
  })
  fake.answer('ownAgents.createSkill', ({ content }) => {
    const made = { ...release, id: sampleId(62), content }
    skills = [...skills, made]
    return made
  })
  fake.answer('ownAgents.updateSkill', ({ name, content }) => {
    skills = skills.map((skill) => (skill.name === name ? { ...skill, content } : skill))
    return { ...release, content }
  })
  fake.answer('ownAgents.deleteSkill', ({ name }) => {
    skills = skills.filter((skill) => skill.name !== name)
    return null
  })
  prepare?.(fake)
  return { fake, ...renderPage(<SkillsSettings deploymentId={deploymentId} />, fake) }
}
const press = async (name: string | RegExp) => fireEvent.click(await screen.findByRole('button', { name }))
const box = () => screen.findByRole<HTMLTextAreaElement>('textbox', { name: 'Skill' })
const type = async (text: string) => fireEvent.change(await box(), { target: { value: text } })
const isClosed = () => waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())

beforeEach(() => act(() => writtenTexts.setState({}, true)))

describe('skills of one’s own', () => {
  it('are written as Markdown with a head', async () => {
    const { fake } = show()
    await press('New skill')
    expect((await box()).value).toMatch(/^---\nname: \ndescription: \n---\n/)
    await type(release.content)
    await press('Save')
    await isClosed()
    expect(fake.inputsOf('ownAgents.createSkill')).toEqual([{ deploymentId, content: release.content }])
    const list = await screen.findByRole('list', { name: 'Skills' })
    expect(list.textContent).toContain('How to release')
  })

  it('are changed', async () => {
    const { fake } = show([release])
    await press('Edit release')
    await type(`${release.content}Push it.\n`)
    await press('Save')
    await isClosed()
    expect(fake.inputsOf('ownAgents.updateSkill')).toEqual([
      {
        deploymentId,
        name: 'release',
        seen: release.content,
        content: `${release.content}Push it.\n`,
      },
    ])
  })

  it('keep what is typed when the sheet is closed or the page left, and say so', async () => {
    const first = show([release])
    await press('Edit release')
    await type('half a thought')
    await press('Close')
    await isClosed()
    await screen.findByText('Not saved')
    first.unmount()
    show([release])
    await press('Edit release')
    expect((await box()).value).toBe('half a thought')
    await press('Discard changes')
    await waitFor(async () => expect((await box()).value).toBe(release.content))
  })

  it('that are refused say why, and stay typed', async () => {
    show([], (fake) =>
      fake.answer('ownAgents.createSkill', () => {
        throw failure('deployment_error', 'The front matter needs a name.')
      }),
    )
    await press('New skill')
    await type('Tag it.')
    await press('Save')
    await screen.findByText('The front matter needs a name.')
    expect((await box()).value).toBe('Tag it.')
    await press('Close')
    await press('Go on writing')
    expect((await box()).value).toBe('Tag it.')
  })

  it('that are too long are not sent', async () => {
    const { fake } = show()
    await press('New skill')
    await type('ä'.repeat(40_000))
    await screen.findByText('Shorten it: a skill may have 64 KiB.')
    expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Save' }).disabled).toBe(true)
    expect(fake.inputsOf('ownAgents.createSkill')).toEqual([])
  })

  it('that somebody deleted meanwhile are saved as new ones', async () => {
    const { fake } = show([release], (main) =>
      main.answer('ownAgents.updateSkill', () => {
        throw failure<'ownAgents.updateSkill'>('skill_gone', 'This skill is not there any more.')
      }),
    )
    await press('Edit release')
    await type('changed')
    await press('Save')
    await screen.findByText('This skill is not there any more.')
    await press('Save as a new skill')
    await isClosed()
    expect(fake.inputsOf('ownAgents.createSkill')).toEqual([{ deploymentId, content: 'changed' }])
  })

  it('that were changed elsewhere meanwhile are shown beside what is typed, and asked about', async () => {
    let content = release.content
    const { fake } = show([release], (main) => {
      main.answer('ownAgents.skill', () => ({ ...release, content }))
      main.answer('ownAgents.updateSkill', (input) => {
        if (input.seen !== content)
          throw failure<'ownAgents.updateSkill'>('changed_meanwhile', 'It has changed.')
        content = input.content
        return { ...release, content }
      })
    })
    await press('Edit release')
    await type('mine')
    content = 'theirs'
    await press('Save')
    await screen.findByText('This was changed elsewhere meanwhile')
    expect((await box()).value).toBe('mine')
    expect(screen.queryByText('It has changed.')).toBeNull()
    await press('What is saved now')
    await screen.findByText('theirs')
    await press('Go on with mine')
    await press('Save')
    await isClosed()
    expect(fake.inputsOf('ownAgents.updateSkill').at(-1)).toMatchObject({ seen: 'theirs', content: 'mine' })
  })

  it('are deleted after a question', async () => {
    const { fake } = show([release])
    await press('Delete release')
    const question = within(await screen.findByRole('alertdialog'))
    fireEvent.click(question.getByRole('button', { name: 'Delete' }))
    await screen.findByText('Teach your agents something')
    expect(fake.inputsOf('ownAgents.deleteSkill')).toEqual([
      { deploymentId, name: 'release', seenAt: release.updated_at },
    ])
  })

  it('go with what was typed in them and not saved, which is said before', async () => {
    writtenTexts.setState({
      [skillPlace(deploymentId, 'release')]: { seen: release.content, value: 'typed' },
    })
    show([release])
    await press('Delete release')
    const question = within(await screen.findByRole('alertdialog'))
    question.getByText(/what you typed in it and did not save is lost/)
    fireEvent.click(question.getByRole('button', { name: 'Delete' }))
    await screen.findByText('Teach your agents something')
    expect(writtenTexts.getState()).toEqual({})
  })

  it('that cannot be deleted stay, with the reason in the question', async () => {
    show([release], (fake) =>
      fake.answer('ownAgents.deleteSkill', () => {
        throw failure('unreachable', 'acme does not answer.')
      }),
    )
    await press('Delete release')
    const question = within(await screen.findByRole('alertdialog'))
    fireEvent.click(question.getByRole('button', { name: 'Delete' }))
    await question.findByText('acme does not answer.')
  })

  it('that cannot be read are read again', async () => {
    let fails = true
    show([], (fake) =>
      fake.answer('ownAgents.skills', () => {
        if (fails) throw failure('unreachable', 'acme does not answer.')
        return [release]
      }),
    )
    await screen.findByText('acme does not answer.')
    fails = false
    await press('Try again')
    await screen.findByText('How to release')
  })
})
