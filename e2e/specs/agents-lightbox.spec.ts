import { crc32, deflateSync } from 'node:zlib'
import { startScriptedModel } from '#bridge/testing/scripted-model'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { call, scriptChat } from '../fixtures/scripted-turns.ts'
import { shippedTemplate } from '../fixtures/shipped-template.ts'
import { expect, test } from '../fixtures/test.ts'
import { agentsScreen } from '../screens/agents.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'

const notes = `# Refunds\n\n${Array.from({ length: 60 }, (_, index) => `${index + 1}. Attempt ${index + 1} waits ${2 ** Math.min(index, 10)} seconds before it asks the bank again, unless the customer has cancelled meanwhile.`).join('\n')}\n`

test('files of a conversation are looked at as large as the window is, and a build by its log', async ({
  outpost,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const template = await shippedTemplate(secondDeployment)
  const { window } = await outpost.launch()
  const agents = agentsScreen(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await frame(window).goTo('Agents')
  const dialog = window.getByRole('dialog')

  await test.step('a message takes a text and a picture along', async () => {
    await window.getByLabel('Files to attach').setInputFiles([
      { name: 'notes.md', mimeType: 'text/markdown', buffer: Buffer.from(notes) },
      { name: 'load.png', mimeType: 'image/png', buffer: gridPicture(2560, 1600) },
    ])
    scriptChat(
      model,
      'Look at both',
      {
        text: 'I make a place for it.',
        calls: [call('create_workspace', { template_id: template, name: 'refunds' })],
      },
      { text: 'Both are read.' },
    )
    await agents.say('Look at both')
    await agents.approval('Create this workspace?').getByRole('button', { name: 'Allow once' }).click()
    await expect(agents.transcript).toContainText('Both are read.', { timeout: 30_000 })
  })

  await test.step('the card of the build has its log', async () => {
    await agents.unfold()
    await expect(agents.transcript.getByRole('log').first()).toBeVisible()
    await look(window, 'agents-build-log')
  })

  await test.step('the text is shown large, and the focus comes back', async () => {
    const opener = agents.transcript.getByRole('button', { name: 'Show notes.md' })
    await opener.click()
    await expect(dialog).toContainText('60. Attempt 60')
    await look(window, 'agents-text-large')
    await window.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await expect(opener).toBeFocused()
  })

  await test.step('the picture fits the window, and is seen pixel for pixel by a key', async () => {
    const opener = agents.transcript.getByRole('button', { name: 'Show load.png large' })
    await opener.click()
    const picture = dialog.getByRole('img', { name: 'load.png' })
    await expect(picture).toBeInViewport({ ratio: 1 })
    expect((await picture.boundingBox())?.width).toBeGreaterThan(1000)
    await look(window, 'agents-picture-large')
    await window.keyboard.press('ControlOrMeta+1')
    await expect(dialog.getByRole('region', { name: 'load.png, pixel for pixel' })).toBeVisible()
    expect((await picture.boundingBox())?.width).toBe(2560)
    await look(window, 'agents-picture-native')
    await window.keyboard.press('ControlOrMeta+0')
    await expect(picture).toBeInViewport({ ratio: 1 })
    await window.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await expect(opener).toBeFocused()
  })
  await model.close()
})

/** A PNG of a grid, so that its size is seen. */
function gridPicture(width: number, height: number): Buffer {
  const lines = Buffer.alloc((width + 1) * height, 0xff)
  for (let y = 0; y < height; y += 1) {
    lines[y * (width + 1)] = 0
    for (let x = 0; x < width; x += 1)
      if (x % 100 === 0 || y % 100 === 0 || x === y) lines[y * (width + 1) + 1 + x] = 0x40
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 0, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(lines)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
