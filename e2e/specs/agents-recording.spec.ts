import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { createCoderClient } from '#bridge/client/coder-client'
import { chatMessagesRoutes } from '#bridge/contract/chats-messages'
import { chatsRoutes } from '#bridge/contract/chats'
import { startScriptedModel } from '#bridge/testing/scripted-model'
import { keepFile, makeFilm, makeStill } from '../fixtures/film.ts'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { call } from '../fixtures/scripted-turns.ts'
import { expect, test } from '../fixtures/test.ts'
import { agentsScreen } from '../screens/agents.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'

// A tool of older deployments that this one has not, so that a client may answer it: with what newer ones keep of a desktop.
const tool = { name: 'close_agent', input_schema: { type: 'object', properties: { chat_id: {} } } }

test('what was recorded of a desktop is played and saved, and what only says it was is refused', async ({
  outpost,
  session,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const client = createCoderClient({ baseUrl: secondDeployment.url, token: secondDeployment.token })
  const { window, application } = await outpost.launch()
  const agents = agentsScreen(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await frame(window).goTo('Agents')
  const film = await makeFilm(window)
  const still = await makeStill(window)

  const me = (await secondDeployment.request('GET', '/users/me')) as {
    readonly id: string
    readonly organization_ids: readonly string[]
  }
  const owner = { ownerId: me.id, organizationId: me.organization_ids[0] ?? '' }
  const page = Buffer.from('<!doctype html><script>alert(1)</script>')
  const results = [
    {
      recording_file_id: keepFile(secondDeployment, { ...owner, type: 'video/webm', bytes: film }),
      thumbnail_file_id: keepFile(secondDeployment, { ...owner, type: 'image/png', bytes: still }),
    },
    { recording_file_id: keepFile(secondDeployment, { ...owner, type: 'video/webm', bytes: page }) },
    { recording_file_id: keepFile(secondDeployment, { ...owner, type: 'text/plain', bytes: film }) },
  ]
  const titles = ['Try the refund page', 'A page that says it is a film', 'A film that says it is a note']

  model.script({ calls: titles.map((_, at) => call('close_agent', { chat_id: String(at) })) })
  model.script({ text: 'The refund page works.' })
  const chat = await client.call(chatsRoutes.create, {
    body: {
      organization_id: owner.organizationId,
      content: [{ type: 'text', text: 'Try the refund page' }],
      unsafe_dynamic_tools: [tool],
    },
  })
  const asked = async () =>
    (await client.call(chatsRoutes.get, { params: { chat: chat.id } })).status === 'requires_action'
  await expect.poll(asked).toBe(true)
  const { messages } = await client.call(chatMessagesRoutes.list, { params: { chat: chat.id }, query: {} })
  const ids = messages
    .flatMap(({ content = [] }) => content)
    .flatMap(({ type, tool_call_id: id }) => (type === 'tool-call' && id !== undefined ? [id] : []))
  await client.call(chatsRoutes.toolResults, {
    params: { chat: chat.id },
    body: {
      results: ids.map((id, at) => ({
        tool_call_id: id,
        output: { chat_id: `child-${String(at)}`, title: titles[at], status: 'waiting', ...results[at] },
      })),
    },
  })
  await agents.open('Try the refund page')
  await expect(agents.transcript).toContainText('The refund page works.')
  const plays = agents.transcript.getByRole('button', { name: 'Play the recording' })

  await test.step('it plays when somebody wants to see it', async () => {
    await expect(plays).toHaveCount(3)
    await expect(plays.first().getByRole('presentation')).toBeVisible()
    await look(window, 'agents-recording-still')
    await plays.first().focus()
    await window.keyboard.press('Enter')
    const video = agents.transcript.getByLabel('Recording of Try the refund page', { exact: true })
    await expect
      .poll(() => video.evaluate((shown: HTMLVideoElement) => [shown.videoWidth, shown.currentTime > 0.2]))
      .toEqual([640, true])
    await look(window, 'agents-recording')
  })

  await test.step('what is none is refused in words', async () => {
    await plays.last().click()
    await expect(agents.transcript).toContainText('The file is not a recording that can be played.')
    await plays.first().click()
    await expect(agents.transcript.getByText('The file is not a recording that can be played.')).toHaveCount(
      2,
    )
    await expect(agents.transcript.locator('video')).toHaveCount(1)
    await look(window, 'agents-recording-refused')
  })

  await test.step('it is saved by a name that says what it is', async () => {
    const folder = session.folder
    await application.evaluate(({ dialog }, into) => {
      dialog.showSaveDialog = async (...given: readonly unknown[]) => {
        const { defaultPath = '' } = given.at(-1) as Electron.SaveDialogOptions
        return { canceled: false, filePath: `${into}/${defaultPath.split('/').at(-1) ?? ''}` }
      }
    }, folder)
    await agents.transcript.getByRole('button', { name: /^Save Recording of Try the refund page/ }).click()
    const saved = path.join(folder, 'Recording of Try the refund page.webm')
    await expect.poll(async () => readFile(saved).catch(() => undefined)).toEqual(film)
  })
  await model.close()
})
