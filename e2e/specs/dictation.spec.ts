import path from 'node:path'
import { startScriptedModel } from '#bridge/testing/scripted-model'
import { startTranscriptionService } from '#bridge/testing/transcription-service'
import { keepBothLooks as look } from '../fixtures/keep-both-looks.ts'
import { keepScreenshot } from '../fixtures/keep-screenshot.ts'
import { addScriptedProvider } from '../fixtures/scripted-provider.ts'
import { fakeMicrophone, writeSpokenFile } from '../fixtures/spoken-file.ts'
import { expect, test } from '../fixtures/test.ts'
import { resizeWindow } from '../fixtures/window-size.ts'
import { agentsScreen } from '../screens/agents.ts'
import { dictationScreen } from '../screens/dictation.ts'
import { frame } from '../screens/frame.ts'
import { joinDeployment } from '../screens/join-deployment.ts'

/** Runs in the page: whether it may listen, or look, by itself. */
async function tryToListen(wanted: MediaStreamConstraints): Promise<string> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia(wanted)
    for (const track of stream.getTracks()) track.stop()
    return 'heard'
  } catch (error) {
    return error instanceof Error ? error.name : String(error)
  }
}

test('a message is spoken: set up, recorded, written out where the caret is, and kept when that fails', async ({
  outpost,
  problems,
  secondDeployment,
  session,
}) => {
  const key = 'seeded-secret-speech-key'
  problems.addSecret(key)
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const speech = await startTranscriptionService()
  const spoken = path.join(session.folder, 'spoken.wav')
  await writeSpokenFile(spoken)
  const running = await outpost.launch(fakeMicrophone(spoken))
  const { window } = running
  const agents = agentsScreen(window)
  const dictation = dictationScreen(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await frame(window).goTo('Agents')

  await test.step('it is off at first: no microphone, and a way to set it up', async () => {
    await expect(agents.message).toBeVisible()
    await expect(dictation.microphone).toHaveCount(0)
    expect(await window.evaluate(tryToListen, { audio: true })).toBe('NotAllowedError')
    await agents.message.fill('Half a thought')
    await dictation.fromMenu()
    await expect(dictation.turnOn).toBeVisible()
  })

  await test.step('a service is tried before it is turned on', async () => {
    await dictation.address.fill('127.0.0.1:1')
    await dictation.test.click()
    await expect(dictation.failure).toContainText('Nothing listens at 127.0.0.1:1')
    await dictation.address.fill('http://speech.example.com')
    await expect(window.getByText(/not encrypted/)).toBeVisible()
    await look(window, 'dictation-settings')
    await dictation.address.fill(speech.url)
    await dictation.key.fill(key)
    await dictation.language.fill('en')
    await dictation.test.click()
    await expect(window.getByText(/a second of silence took/)).toBeVisible()
    await dictation.turnOn.click()
    await expect(dictation.turnOff).toBeVisible()
    expect(speech.heard).toHaveLength(1)
  })

  await test.step('what is said lands at the caret, and typing goes on meanwhile', async () => {
    await frame(window).goTo('Agents')
    await expect(agents.message).toHaveValue('Half a thought')
    await agents.message.press('Home')
    speech.says('Please finish this:')
    await window.keyboard.press('ControlOrMeta+Shift+D')
    await expect(dictation.microphone).toHaveAttribute('aria-pressed', 'true')
    await expect(dictation.clock).toHaveText('0:01')
    // It is the one that was allowed that listens, and no other may, nor look.
    for (const wanted of [{ audio: true }, { video: true }, { audio: true, video: true }]) {
      expect(await window.evaluate(tryToListen, wanted)).toBe('NotAllowedError')
    }
    await look(window, 'dictation-recording')
    await window.keyboard.press('End')
    await window.keyboard.type(' of mine')
    await window.keyboard.press('Home')
    await window.keyboard.press('Enter')
    await expect(agents.message).toHaveValue('Please finish this: Half a thought of mine')
    await expect(agents.message).toBeFocused()
    await expect(dictation.strip).toHaveCount(0)
    const [, heard] = speech.heard
    expect(heard).toMatchObject({
      path: 'POST /v1/audio/transcriptions',
      authorization: `Bearer ${key}`,
      model: 'whisper-1',
      language: 'en',
      mediaType: 'audio/wav',
      wav: { sampleRate: 16_000, channels: 1, bitsPerSample: 16 },
    })
    expect(heard?.wav.seconds).toBeGreaterThan(0.9)
    expect(heard?.wav.peak).toBeGreaterThan(0.05)
    expect(await window.evaluate(tryToListen, { audio: true })).toBe('NotAllowedError')
  })

  await test.step('what is not written out is kept, and tried again', async () => {
    speech.answers({ status: 500, body: JSON.stringify({ error: { message: `No memory for ${key}` } }) })
    await dictation.microphone.click()
    await expect(dictation.clock).toHaveText('0:01')
    await dictation.microphone.click()
    await expect(dictation.failure).toContainText('No memory for [secret]')
    await look(window, 'dictation-failed')
    speech.answers(undefined)
    speech.says('And test it.')
    await resizeWindow(running, 760, 640)
    await keepScreenshot(window, 'dictation-failed-narrow')
    await dictation.failure.getByRole('button', { name: 'Try again' }).click()
    await expect(agents.message).toHaveValue(/And test it\./)
    await expect(dictation.failure).toHaveCount(0)
  })

  await test.step('leaving ends it, and the text is in the draft that was left', async () => {
    const release = speech.hold()
    speech.says('Then tell me.')
    await agents.message.press('ControlOrMeta+End')
    await dictation.microphone.click()
    await expect(dictation.clock).toHaveText('0:01')
    await keepScreenshot(window, 'dictation-recording-narrow')
    await frame(window).goTo('Settings')
    release()
    await expect(window.getByText('What you said is written out')).toBeVisible()
    await frame(window).goTo('Agents')
    await expect(agents.message).toHaveValue(/Then tell me\./)
  })

  await test.step('Escape discards, and there is a way back for what was worth it', async () => {
    const before = await agents.message.inputValue()
    const asked = speech.heard.length
    await dictation.microphone.click()
    await expect(dictation.clock).toHaveText('0:02')
    await window.keyboard.press('Escape')
    await expect(dictation.strip).toHaveCount(0)
    await expect(agents.message).toHaveValue(before)
    expect(speech.heard).toHaveLength(asked)
    speech.says('Or not.')
    await window.getByRole('button', { name: 'Write it out' }).click()
    await expect(agents.message).toHaveValue(/Or not\./)
  })

  await test.step('a window that goes into the tray listens no more', async () => {
    speech.says('Unseen.')
    await dictation.microphone.click()
    await expect(dictation.clock).toHaveText('0:01')
    const handle = await running.application.browserWindow(window)
    await handle.evaluate((shown: Electron.BrowserWindow) => shown.hide())
    await expect(agents.message).toHaveValue(/Unseen\./)
    await handle.evaluate((hidden: Electron.BrowserWindow) => hidden.show())
    await expect(dictation.microphone).toHaveAttribute('aria-pressed', 'false')
  })
  await speech.close()
  await model.close()
})

test('without a microphone a dictation says so, and nothing is lost', async ({
  outpost,
  secondDeployment,
}) => {
  const model = await startScriptedModel()
  await addScriptedProvider(secondDeployment, model.url)
  const speech = await startTranscriptionService()
  const { window } = await outpost.launch()
  const dictation = dictationScreen(window)
  await joinDeployment(window, { ...secondDeployment, name: 'Harbour' })
  await frame(window).goTo('Agents')
  await dictation.fromMenu()
  await dictation.address.fill(speech.url)
  await dictation.turnOn.click()
  await expect(dictation.turnOff).toBeVisible()
  await frame(window).goTo('Agents')
  await dictation.microphone.click()
  await expect(dictation.failure).toContainText('There is no microphone')
  await dictation.failure.getByRole('button', { name: 'Close' }).click()
  await expect(dictation.failure).toHaveCount(0)
  expect(speech.heard).toEqual([])
  await speech.close()
  await model.close()
})
