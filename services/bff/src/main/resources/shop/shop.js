// What the pages gain by a script. Without it they do the same by links and forms.

const page = document.querySelector('.page')

/** As the browser itself asks for pages. */
const ACCEPT = 'text/html,application/xhtml+xml,*/*;q=0.8'

/** Whose page this is. */
const customer = document.querySelector('.customer [name=user], .who [name=user]')?.defaultValue

/** Forms that were sent and may not have been answered, by their keys; kept beyond the tab, but not as long as a key is. */
const unanswered = {
  all() {
    try {
      const kept = Object.entries(JSON.parse(localStorage.getItem('vitrina-unanswered')) ?? {})
      return Object.fromEntries(kept.filter(([, form]) => form?.at > Date.now() - 86_400_000))
    } catch {
      return {} // the browser keeps nothing
    }
  },
  change(edit) {
    const forms = this.all()
    edit(forms)
    try {
      if (Object.keys(forms).length > 0) {
        localStorage.setItem('vitrina-unanswered', JSON.stringify(forms))
      } else {
        localStorage.removeItem('vitrina-unanswered')
      }
    } catch {
      // then nothing is offered again
    }
  },
}

// The button rests until the answer is there: a second click sends nothing.
addEventListener('submit', (event) => {
  const form = event.target
  if (form.dataset.sent) {
    event.preventDefault()
    return
  }
  form.dataset.sent = 'yes'
  event.submitter?.setAttribute('aria-busy', 'true')
  const key = form.elements.namedItem('key')?.value
  if (key) {
    // the session's token is the session's: the next one's form has its own
    const fields = [...new FormData(form)].filter(([name]) => name !== 'csrf')
    const sent = { action: form.getAttribute('action'), fields, at: Date.now() }
    unanswered.change((forms) => { forms[key] = sent })
  }
})

// A page that comes out of the browser's memory may send again; under the same key, if it has one.
addEventListener('pageshow', (event) => {
  if (event.persisted) {
    document.querySelectorAll('form').forEach((form) => delete form.dataset.sent)
    document.querySelectorAll('[aria-busy]').forEach((button) => button.removeAttribute('aria-busy'))
  }
})

/** The page that a form with a key leads to names the key: that form has its answer. */
function settle() {
  const answered =
    new URLSearchParams(location.search).get('form') ?? document.querySelector('[data-answered]')?.dataset.answered
  if (answered) {
    unanswered.change((forms) => { delete forms[answered] })
  }
  const again = document.querySelector('form.repeat')
  if (again) {
    askAgain(again)
  } else {
    Object.values(unanswered.all())
      .filter(({ fields }) => (new Map(fields).get('user') ?? customer) === customer)
      .forEach(offerAgain)
  }
}

/** An unknown outcome is asked again by itself, under the same key, a few times. */
function askAgain(form) {
  const tries = Number(sessionStorage.getItem('vitrina-tries') ?? 0)
  if (tries < 5) {
    sessionStorage.setItem('vitrina-tries', tries + 1)
    setTimeout(() => form.requestSubmit(), 3000 * 2 ** tries)
  }
}

/** A tab that was closed, or lost its connection, before the answer came. */
function offerAgain({ action, fields }) {
  const form = document.querySelector('#unanswered').content.firstElementChild.cloneNode(true)
  form.setAttribute('action', action)
  for (const [name, value] of fields) {
    const field = document.createElement('input')
    Object.assign(field, { type: 'hidden', name, value })
    form.append(field)
  }
  page.append(form)
}

const MOVES = ['order.pending', 'order.confirmed', 'order.rejected', 'order.cancelling', 'order.cancelled', 'request.done']

/** An order that is not settled, or a question to the model, is followed by its events, which are named after its states. */
function follow(waiting) {
  const states = new EventSource(waiting.dataset.events)
  const look = ({ data }) => {
    if (JSON.parse(data).status !== waiting.dataset.status) {
      states.close()
      plain()
    }
  }
  for (const move of MOVES) {
    states.addEventListener(move, look)
  }
  // refused, as when too many follow: then by looking again
  states.onerror = () => states.readyState === EventSource.CLOSED && setTimeout(plain, 5_000)
  addEventListener('pagehide', () => states.close())
}

/** What is being worked on is looked at again until it is there. */
function lookAgain(pause) {
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: ACCEPT } })
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html')
      if (answer.ok && !fresh.querySelector('[data-again], .missing')) {
        plain()
        return
      }
    } catch {
      // no connection: later
    }
    lookAgain(Math.min(pause * 1.5, 15_000))
  }, pause)
}

/** The page anew, without what the last form has told: it is no longer so. */
function plain() {
  const address = new URL(location.href)
  address.searchParams.delete('told')
  address.searchParams.delete('form')
  location.replace(address)
}

/** Parts that were missing fill in when they recover. */
function refill(pause) {
  if (!page.querySelector('.unknown, .away[slot], .missing')) {
    return
  }
  setTimeout(async () => {
    try {
      const answer = await fetch(location.href, { headers: { Accept: ACCEPT } })
      const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('.page')
      if (answer.ok && fresh) {
        replace(fresh)
      }
    } catch {
      // no connection: later
    }
    refill(Math.min(pause * 2, 60_000))
  }, pause)
}

/** Puts what has come into its places, but for those where somebody is. */
function replace(fresh) {
  if (page.querySelector('.missing')) {
    if (!fresh.querySelector('.missing') && !document.activeElement?.matches('input, textarea')) {
      location.reload() // all of the page was missing
    }
    return
  }
  const late = ':is([slot^=p], [slot^=s], [slot^=fact], [slot=cart], [slot=favorites], [slot=categories], [slot=trouble])'
  const here = [...page.querySelectorAll(`:scope > ${late}`)]
  const busy = new Set(here.filter((part) => part.contains(document.activeElement)).map((part) => part.slot))
  const free = (part) => !busy.has(part.slot)
  here.filter(free).forEach((part) => part.remove())
  page.append(...[...fresh.querySelectorAll(`:scope > ${late}`)].filter(free))
}

/** The live part of the resilience page: the server sends its markup anew each second. */
function live(part) {
  const states = new EventSource(part.dataset.live)
  states.onmessage = ({ data }) => {
    part.replaceChildren(...new DOMParser().parseFromString(data, 'text/html').body.childNodes)
  }
  addEventListener('pagehide', () => states.close())
}

/** Lets this browser be five visitors a second, until it is told to stop or the page is left. */
function visitors(button) {
  const say = [button.textContent, button.dataset.stop]
  let timer
  button.hidden = false
  button.addEventListener('click', () => {
    if (timer) {
      clearInterval(timer)
      timer = undefined
    } else {
      timer = setInterval(() => fetch(button.dataset.send, { cache: 'no-store' }).catch(() => {}), 200)
    }
    button.textContent = say[timer ? 1 : 0]
  })
}

if (page) {
  settle()
  document.querySelectorAll('[data-live]').forEach(live)
  document.querySelectorAll('[data-send]').forEach(visitors)
  document.querySelectorAll('[data-events]').forEach(follow)
  refill(5_000)
  if (!document.querySelector('form.repeat')) {
    sessionStorage.removeItem('vitrina-tries')
  }
}
document.querySelectorAll('[data-again]').forEach((waiting) => lookAgain(Number(waiting.dataset.again)))
