// What each module of the packages calls of JavaScript by name, without the digits that wasm-bindgen adds. None of the extension's
// names the network, markup or code from text; the page's, which stands in the extension's page of tools too, fetches its own samples alone. A change here is a change of what a
// reviewer of the packages must look at. It is no wall: who reads members of the global object by `get` could call more.

const words = (text) => text.trim().split(/\s+/);

const PANEL = words(`
    _wbg_cb_unref activeElement addEventListener addListener appendChild call clear contains create createComment createElement
    createTextNode currentTarget document encodeURIComponent executeScript focus from get getAll getElementById get_unchecked
    hasAttribute insertBefore instanceof_HtmlElement instanceof_Window is isArray isConnected isTrusted key length new nextSibling
    now parentNode parse preventDefault push query queueMicrotask race reload remove removeAttribute removeChild removeEventListener
    request resolve sendMessage set setAttribute setTimeout set_textContent static_accessor_GLOBAL static_accessor_GLOBAL_THIS
    static_accessor_RUNTIME_ID static_accessor_SELF static_accessor_WINDOW stringify then toLocaleString update warn
    wbindgen_debug_string wbindgen_generic wbindgen_init_externref_table wbindgen_is_falsy wbindgen_is_function wbindgen_is_null
    wbindgen_is_undefined wbindgen_number_get wbindgen_string_get wbindgen_throw writeText
`);
// The keys of hand-offs are made and used by `seal.js`.
const PANEL_ALL = [...PANEL, ...words(`
    keepOnly new_from_slice prototypesetcall publicKey sign verify wbindgen_jsval_eq
`)].sort();
const DOCTOR = words(`
    _wbg_cb_unref addEventListener addListener appendChild call create createComment createElement createTextNode document
    encodeURIComponent executeScript from get getElementById get_unchecked insertBefore instanceof_Window is length new
    nextSibling now parentNode parse push query querySelector queueMicrotask race reload removeAttribute removeChild
    removeEventListener resolve sendMessage set setAttribute setTimeout set_textContent static_accessor_GLOBAL
    static_accessor_GLOBAL_THIS static_accessor_RUNTIME_ID static_accessor_SELF static_accessor_WINDOW stringify then update warn
    wbindgen_debug_string wbindgen_generic wbindgen_init_externref_table wbindgen_is_falsy wbindgen_is_function
    wbindgen_is_undefined wbindgen_number_get wbindgen_string_get wbindgen_throw writeText
`);
const PAIRS = words(`
    _wbg_cb_unref addEventListener appendChild call createComment createElement createTextNode dispatchEvent document
    encodeURIComponent from get getAll getElementById get_unchecked insertBefore instanceof_Window is isArray keepOnly length
    new nextSibling parentNode parse push query querySelector queueMicrotask reload remove removeAttribute removeChild
    removeEventListener request resolve set setAttribute set_textContent static_accessor_GLOBAL static_accessor_GLOBAL_THIS
    static_accessor_SELF static_accessor_WINDOW stringify then warn wbindgen_debug_string wbindgen_generic
    wbindgen_init_externref_table wbindgen_is_function wbindgen_is_null wbindgen_is_undefined wbindgen_string_get wbindgen_throw
`);
const POPUP = words(`
    _wbg_cb_unref addEventListener appendChild call create createComment createElement createTextNode document from get
    getElementById get_unchecked insertBefore instanceof_Promise instanceof_Window is length new nextSibling parentNode parse push
    query queueMicrotask removeAttribute removeChild removeEventListener resolve set setAttribute set_textContent
    static_accessor_CHROME static_accessor_GLOBAL static_accessor_GLOBAL_THIS static_accessor_SELF static_accessor_WINDOW stringify
    then warn wbindgen_debug_string wbindgen_generic wbindgen_init_externref_table wbindgen_is_falsy wbindgen_is_function
    wbindgen_is_object wbindgen_is_undefined wbindgen_number_get wbindgen_string_get wbindgen_throw
`);
const TOOLS = words(`
    _wbg_cb_unref addEventListener appendChild createComment createElement createTextNode currentTarget dispatchEvent document
    executeScript from get getElementById get_unchecked insertBefore instanceof_Window is length new nextSibling now parentNode
    parse push query queueMicrotask race removeAttribute removeChild removeEventListener resolve sendMessage set setAttribute
    setTimeout set_textContent static_accessor_GLOBAL static_accessor_GLOBAL_THIS static_accessor_SELF static_accessor_WINDOW
    stringify then warn wbindgen_debug_string wbindgen_generic wbindgen_init_externref_table wbindgen_is_falsy
    wbindgen_is_function wbindgen_is_undefined wbindgen_number_get wbindgen_string_get wbindgen_throw
`);
const PAGE = words(`
    _wbg_cb_unref addEventListener appendChild arrayBuffer call checked click clipboard clipboardData createComment createElement
    createObjectURL createTextNode currentTarget data dataTransfer dispatchEvent document fetch files get getAttribute getData
    getElementById getItem hash id insertBefore instanceof_ClipboardEvent instanceof_DragEvent instanceof_Element
    instanceof_HtmlButtonElement instanceof_HtmlElement instanceof_HtmlInputElement instanceof_HtmlProgressElement
    instanceof_HtmlSelectElement instanceof_HtmlTextAreaElement instanceof_Window is length localStorage location name navigator new
    new_with_str_sequence_and_options nextSibling normalize now of parentNode postMessage preventDefault print prototypesetcall push
    querySelectorAll queueMicrotask removeAttribute removeChild removeEventListener removeItem resolve revokeObjectURL set
    setAttribute setItem set_disabled set_download set_hidden set_href set_onerror set_onmessage set_textContent set_type set_value
    size slice static_accessor_GLOBAL static_accessor_GLOBAL_THIS static_accessor_SELF static_accessor_WINDOW target terminate text
    then type value wbindgen_boolean_get wbindgen_debug_string wbindgen_generic wbindgen_init_externref_table wbindgen_is_function
    wbindgen_is_undefined wbindgen_number_get wbindgen_string_get wbindgen_throw write writeText
`);

export const IMPORTS = {
  "extension/org2org_panel_bg.wasm": PANEL,
  "extension/org2org_panel_all_bg.wasm": PANEL_ALL,
  "extension/org2org_doctor_bg.wasm": DOCTOR,
  "extension/org2org_pairs_bg.wasm": PAIRS,
  "extension/org2org_popup_bg.wasm": POPUP,
  "extension/org2org_tools_bg.wasm": TOOLS,
  "extension/tools/org2org_www_bg.wasm": PAGE,
  "www/org2org_www_bg.wasm": PAGE,
  "www/org2org_www_plain_bg.wasm": PAGE,
};

/** Names that reach the network, write markup or make code: in no module of the extension. */
export const NEVER = /fetch|XMLHttpRequest|WebSocket|EventSource|sendBeacon|RTC|importScripts|innerHTML|outerHTML|insertAdjacent|document_write|eval|new_no_args|new_with_args/i;
