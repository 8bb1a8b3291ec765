// Texts that are no address of an org, and the part of each that the message must name.

const LETTERS = { cyrillicA: "\u0430", kelvin: "\u212a", ideographicStop: "\u3002", mark: "\ufeff", zeroWidth: "\u200b", turn: "\u202e" };

/** [text, what the message must contain]; numbers are those of the table of bad inputs. */
export const LOOKALIKES = [
  // U1, U6: an Okta name inside a foreign one.
  ["https://acme.okta.com.evil.com/", "it ends in `evil.com`"],
  ["https://acme-admin.okta.com.evil.com/admin/dashboard", "it ends in `evil.com`"],
  ["https://acme.okta.com-evil.com/", "it ends in `evil.com`"],
  ["https://acme-okta.com/", "it ends in `acme-okta.com`"],
  ["https://acme.okta.co/", "`acme.okta.co` is not on an Okta domain"],
  // U2, U3, U4: the real host stands elsewhere.
  ["https://acme.okta.com@evil.com/", "user part `acme.okta.com@` before the real host `evil.com`"],
  ["https://evil.com\\@acme.okta.com/", "backslash at column 17"],
  ["https://evil.com#acme.okta.com", "host is `evil.com`; the Okta name stands behind the `#`"],
  ["https://evil.com?acme.okta.com", "host is `evil.com`; the Okta name stands behind the `?`"],
  ["https://evil.com/acme.okta.com", "host is `evil.com`; the Okta name stands in the path"],
  // U5: letters of other scripts, written and encoded.
  [`https://${LETTERS.cyrillicA}cme.okta.com`, "column 1, outside ASCII; it really is `xn--cme-5cd.okta.com`"],
  [`https://acme.o${LETTERS.kelvin}ta.com`, "column 7, outside ASCII"],
  [`https://acme.okta${LETTERS.ideographicStop}com`, "column 10, outside ASCII"],
  ["https://xn--cme-5cd.okta.com", "the encoded label `xn--cme-5cd`"],
  // U7, U8: dots and labels.
  ["https://acme.okta.com./", "`acme.okta.com.` ends with a dot"],
  ["https://login.acme.okta.com/", "2 labels before `okta.com`, expected one"],
  ["https://okta.com/", "`okta.com` names no org"],
  ["https://login.okta.com/", "`login.okta.com` belongs to Okta itself"],
  ["https://-acme.okta.com/", "subdomain `-acme` starts or ends with a hyphen"],
  ["https://acme_corp.okta.com/", "subdomain `acme_corp` may have letters, digits and hyphens only"],
  // U10: characters that show nothing or turn the text around.
  [`${LETTERS.mark}https://acme.okta.com`, "invisible character U+FEFF at column 1"],
  [`${LETTERS.zeroWidth}https://acme.okta.com`, "invisible character U+200B at column 1"],
  [`https://${LETTERS.turn}moc.atko.emca`, "invisible character U+202E at column 9"],
  // U11, U12: scheme, port, user, numbers, other schemes.
  ["http://acme.okta.com", "scheme is `http`, expected `https`"],
  ["https://acme.okta.com:8443", "port `8443` on host `acme.okta.com`"],
  ["https://ann:s3cret@acme.okta.com", "user part `ann:[masked]@` before the real host `acme.okta.com`"],
  ["https://0x7f.1/", "host `0x7f.1` is an IP address"],
  ["https://[::1]/", "host `[::1]` is an IP address"],
  ["javascript:alert(document.domain)//acme.okta.com", "scheme is `javascript`"],
  ["data:text/html,acme.okta.com", "scheme is `data`"],
  // U13: unfinished, as in Okta's own sample.
  ["https://targetorg.okta/home/bookmark/0oa1/2", "did you mean `targetorg.okta.com`?"],
  // U18: a custom domain.
  ["https://login.acme.com", "host `login.acme.com` is not on an Okta domain"],
  // Nothing at all, and markup.
  ["", "org address is empty"],
  ["   ", "org address is empty"],
  ["<img src=x onerror=alert(1)>.okta.com", "is not a web address"],
];

/** A word that stands in one of the texts and must be in no message. */
export const SECRET = "s3cret";
