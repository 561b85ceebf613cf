// The bare Electron window everything is compared with: one sandboxed page, nothing else.
const { app, BrowserWindow } = require('electron')
const path = require('node:path')
// As root Chromium has no sandbox, and enabling it all the same would end every child at once.
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()
void app.whenReady().then(() => {
  const window = new BrowserWindow({ width: 1280, height: 800, show: false })
  window.once('ready-to-show', () => window.show())
  void window.loadFile(path.join(__dirname, 'index.html'))
})
app.on('window-all-closed', () => app.quit())
