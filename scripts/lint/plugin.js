import { functionSize } from './rules/function-size.js'
import { selectorRule } from './rules/selector-rule.js'

// A hex colour that is not the start of a word, a path (`#bridge/…`) or a fragment (`#faded-out`).
const RAW_COLOUR = String.raw`/(^|[^\w&#-])#([0-9a-fA-F]{3,4}|[0-9a-fA-F]{6}|[0-9a-fA-F]{8})(?![\w\/-])|\b(rgba?|hsla?|hwb|oklch|oklab)\(/`

/** Our own rules: each guards one row of the security checklist or one habit of the code base. */
export const plugin = {
  meta: { name: 'outpost' },
  rules: {
    'function-size': functionSize,

    'window-in-one-file': selectorRule(
      'Windows are made by main/shell/window.ts only, so that every one gets the options of windowOptions().',
      [
        'NewExpression[callee.name=/^(BaseWindow|BrowserWindow|BrowserView|WebContentsView)$/]',
        'NewExpression[callee.property.name=/^(BaseWindow|BrowserWindow|BrowserView|WebContentsView)$/]',
      ],
    ),
    'open-external-in-one-file': selectorRule(
      "Links leave the app through the shell-open port (main/shell/shell-open.ts): it checks the URL's scheme and host.",
      [
        'MemberExpression[property.name="openExternal"]',
        'Property[key.name="openExternal"][parent.type="ObjectPattern"]',
      ],
    ),
    'no-lost-timeout': selectorRule(
      'A timeout that only `AbortSignal.any` knows is collected as garbage before its time comes: use firstAbort().',
      [
        'CallExpression[callee.object.name="AbortSignal"][callee.property.name="any"] CallExpression[callee.object.name="AbortSignal"][callee.property.name="timeout"]',
      ],
    ),
    'no-code-from-text': selectorRule(
      'Text never becomes code or markup: use functions, React children or textContent.',
      [
        'CallExpression[callee.name="eval"]',
        'CallExpression[callee.property.name="eval"][callee.object.name=/^(window|globalThis|self)$/]',
        'NewExpression[callee.name="Function"]',
        'CallExpression[callee.name="Function"]',
        'CallExpression[callee.name=/^set(Timeout|Interval)$/][arguments.0.type=/^(Literal|TemplateLiteral)$/]',
        'CallExpression[callee.property.name=/^executeJavaScript/]',
        'CallExpression[callee.property.name=/^(insertAdjacentHTML|createContextualFragment|setHTMLUnsafe)$/]',
        'CallExpression[callee.object.name="document"][callee.property.name=/^write(ln)?$/]',
        'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
        'Property[key.name="dangerouslySetInnerHTML"]',
        'AssignmentExpression[left.property.name=/^(innerHTML|outerHTML|srcdoc)$/]',
      ],
    ),
    'no-shell': selectorRule(
      'Start programs with an argument array and no shell (spawn, execFile, the process host port): text must not become a command.',
      [
        'ImportDeclaration[source.value=/^(node:)?child_process$/] ImportSpecifier[imported.name=/^exec(Sync)?$/]',
        'CallExpression[callee.object.name=/^(childProcess|child_process|cp)$/][callee.property.name=/^exec(Sync)?$/]',
        'Property[key.name="shell"][value.value=true]',
        'Property[key.name="shell"][value.type="Literal"][value.raw=/^[\'"]/]',
      ],
    ),
    'no-random': selectorRule(
      'Take a `random: () => number` as an argument (tests seed it), or node:crypto for anything that must not be guessed.',
      ['CallExpression[callee.object.name="Math"][callee.property.name="random"]'],
    ),
    'no-environment': selectorRule(
      'Only entry points read process.env: take what is needed as an argument, so that it is in the types and in the tests.',
      ['MemberExpression[object.name="process"][property.name="env"]'],
    ),
    'no-default-export': selectorRule('Use a named export: its name is the same wherever it is used.', [
      'ExportDefaultDeclaration',
      'ExportSpecifier[exported.name="default"]',
    ]),
    'no-raw-colour': selectorRule(
      'Colours come from the tokens (renderer/styles/tokens.css), or the dark and high-contrast themes miss this place.',
      [`Literal[value=${RAW_COLOUR}]`, `TemplateElement[value.raw=${RAW_COLOUR}]`],
    ),
  },
}
