// The keys that sign hand-offs (Ed25519, RFC 8032). Each is made for one pair of orgs and kept by the browser where no page
// can read its private half, this one included. It opens nothing at Okta.
const KIND = { name: "Ed25519" };
const STORE = "keys";

const done = (asked) => new Promise((resolve, reject) => {
  asked.onsuccess = () => resolve(asked.result);
  asked.onerror = () => reject(asked.error);
});

async function kept(mode, use) {
  const opening = indexedDB.open("seal", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const base = await done(opening);
  try {
    return await done(use(base.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    base.close();
  }
}

const known = (name) => kept("readonly", (keys) => keys.get(name));

async function pair(name) {
  const old = await known(name);
  if (old) return old;
  const made = await crypto.subtle.generateKey(KIND, false, ["sign", "verify"]);
  // Another window may have made one meanwhile: the first one stays.
  await kept("readwrite", (keys) => keys.add(made, name)).catch(() => {});
  return known(name);
}

const bytes = (text) => new TextEncoder().encode(text);

/** The 32 bytes of the public key of this pair of orgs; where there is none, it is made, or nothing is given. */
export async function publicKey(name, makes) {
  const held = makes ? await pair(name) : await known(name);
  return new Uint8Array(held ? await crypto.subtle.exportKey("raw", held.publicKey) : 0);
}

/** The 64 bytes of its signature over a text. */
export const sign = async (name, text) => new Uint8Array(await crypto.subtle.sign(KIND, (await pair(name)).privateKey, bytes(text)));

/** Whether a signature over a text is good by a public key. */
export const verify = async (key, text, signature) =>
  crypto.subtle.verify(KIND, await crypto.subtle.importKey("raw", key, KIND, false, ["verify"]), signature, bytes(text));

/** Forgets every key but those of these pairs of orgs. */
export async function keepOnly(names) {
  for (const name of await kept("readonly", (keys) => keys.getAllKeys())) {
    if (!names.includes(name)) await kept("readwrite", (keys) => keys.delete(name));
  }
}
