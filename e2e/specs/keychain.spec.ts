import { startKeyringPrompt } from '../fixtures/keyring-prompt.ts'
import { expect, test } from '../fixtures/test.ts'
import { addDeploymentScreen } from '../screens/add-deployment.ts'
import { frame } from '../screens/frame.ts'
import { settingsScreen } from '../screens/settings.ts'

test.describe('A locked keychain', () => {
  test.use({ keyringState: 'locked' })

  test('is told, keeps what was typed, and works as soon as it is unlocked', async ({
    outpost,
    session,
    secondDeployment,
  }) => {
    const first = await outpost.launch()
    const { window } = first
    const banner = frame(window).notice('The system keychain is locked (GNOME Keyring)')

    await test.step('the local deployment works all the same', async () => {
      await expect(banner).toBeVisible()
      await expect(frame(window).deployment).toHaveAccessibleName(/This computer.*Connected/)
    })

    const add = addDeploymentScreen(window)
    await test.step('a token that cannot be kept is refused, and nothing typed is lost', async () => {
      await add.open()
      await add.address.fill(secondDeployment.url)
      await add.token.fill(secondDeployment.token)
      await add.name.fill('Harbour')
      await expect(add.sheet).toContainText('at ')
      await add.add.click()
      await expect(add.sheet.getByRole('alert')).toContainText(
        'The system keychain is locked, so the session cannot be kept. Unlock it, then try again.',
      )
      await expect(add.token).toHaveValue(secondDeployment.token)
    })

    await test.step('after it was unlocked the same click keeps it', async () => {
      await session.keyring?.unlock()
      await add.add.click()
      await expect(frame(window).deployment).toHaveAccessibleName(/Harbour.*Connected/)
      expect([...((await session.keyring?.secretsOf('Outpost'))?.values() ?? [])]).toContain(
        secondDeployment.token,
      )
      await banner.getByRole('button', { name: 'Unlock keychain' }).click()
      await expect(banner).toHaveCount(0)
    })

    await first.quit()
    await session.keyring?.lock()
    const second = await outpost.launch()

    await test.step('locked again, the second deployment waits for it and comes back by itself', async () => {
      const again = frame(second.window).notice('The system keychain is locked (GNOME Keyring)')
      await expect(frame(second.window).deployment).toHaveAccessibleName(/Harbour.*Keychain locked/)
      await session.keyring?.unlock()
      await again.getByRole('button', { name: 'Unlock keychain' }).click()
      await expect(frame(second.window).deployment).toHaveAccessibleName(/Harbour.*Connected/)
      await expect(again).toHaveCount(0)
    })
  })

  test('is unlocked by the system’s own prompt', async ({ outpost, session }) => {
    const { window } = await outpost.launch()
    const banner = frame(window).notice('The system keychain is locked (GNOME Keyring)')
    const unlock = banner.getByRole('button', { name: 'Unlock keychain' })
    await test.step('where the system cannot ask, it says that it is still locked', async () => {
      await unlock.click()
      await expect(banner.getByRole('alert')).toHaveText('Still locked')
    })

    await test.step('where it can, its window asks for the password', async () => {
      const prompt = await startKeyringPrompt(session)
      await unlock.click()
      await prompt.answer()
      await expect(banner).toHaveCount(0)
      await prompt.stop()
    })
    expect(await session.keyring?.isLocked()).toBe(false)
  })

  test('does not hold the app up when it quits with the prompt open', async ({ outpost, session }) => {
    const running = await outpost.launch()
    const prompt = await startKeyringPrompt(session)
    await frame(running.window)
      .notice('The system keychain is locked (GNOME Keyring)')
      .getByRole('button', { name: 'Unlock keychain' })
      .click()
    await prompt.waitForWindow()
    await running.quit()
    await prompt.stop()
  })
})

test.describe('Without a keychain', () => {
  test.use({ keyringState: 'absent' })

  test('tokens are kept in memory only after consent, and are gone after quitting', async ({
    outpost,
    secondDeployment,
  }) => {
    const first = await outpost.launch()
    const { window } = first
    const banner = frame(window).notice('The system keychain cannot be used')
    await expect(banner).toContainText(/Install and start a keyring such as gnome-keyring/)
    await expect(frame(window).deployment).toHaveAccessibleName(/This computer.*Connected/)

    const add = addDeploymentScreen(window)
    await test.step('without consent nothing is kept', async () => {
      await add.open()
      await add.address.fill(secondDeployment.url)
      await add.token.fill(secondDeployment.token)
      await add.name.fill('Harbour')
      await expect(add.sheet).toContainText('at ')
      await add.add.click()
      await expect(add.sheet.getByRole('alert')).toContainText(
        'There is no system keychain to keep the session in. You can agree to keep it in memory.',
      )
    })

    await test.step('the way to consent is one click away, and leads back to what was typed', async () => {
      await add.sheet.getByRole('alert').getByRole('button').click()
      const consent = window.getByRole('alertdialog', { name: 'Work without the keychain?' })
      await expect(consent).toContainText('When you quit, they are gone')
      await consent.getByRole('button', { name: 'Keep them in memory' }).click()
      await expect(add.token).toHaveValue(secondDeployment.token)
      await add.add.click()
      await expect(frame(window).deployment).toHaveAccessibleName(/Harbour.*Connected/)
    })

    await test.step('the settings say where tokens are', async () => {
      await frame(window).goTo('Settings')
      await settingsScreen(window).open('Keychain')
      await expect(settingsScreen(window).main).toContainText('In memory only, as you agreed')
    })

    await first.quit()
    const second = await outpost.launch()

    await test.step('after quitting the deployment is there and its token is not', async () => {
      await expect(frame(second.window).notice('You are signed out of Harbour')).toBeVisible()
      await frame(second.window).switchTo('This computer')
      await expect(frame(second.window).deployment).toHaveAccessibleName(/This computer.*Connected/)
    })
  })
})
