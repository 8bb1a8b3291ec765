//! The `csv` crate's ByteRecord loop as a wasm module: keep active rows, write them.

use js_sys::{Function, Uint8Array};
use std::io::{self, Read, Write};
use wasm_bindgen::prelude::*;

const BUFFER: usize = 64 << 10;
const WHY: &str = "the file was made by the bench";

/// Asks `read` for chunks of a report until there is none, and gives `write` the kept rows.
#[wasm_bindgen]
pub fn keep_active(read: Function, write: Function) {
    let mut reader = csv::ReaderBuilder::new()
        .buffer_capacity(BUFFER)
        .from_reader(Pulled {
            read,
            chunk: Vec::new(),
            at: 0,
        });
    let mut writer = csv::WriterBuilder::new()
        .buffer_capacity(BUFFER)
        .from_writer(Pushed(write));
    let header = reader.byte_headers().expect(WHY).clone();
    let status = header.iter().position(|name| name == b"Status").expect(WHY);
    writer.write_byte_record(&header).expect(WHY);
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).expect(WHY) {
        if &record[status] == b"ACTIVE" {
            writer.write_byte_record(&record).expect(WHY);
        }
    }
    writer.flush().expect(WHY);
}

struct Pulled {
    read: Function,
    chunk: Vec<u8>,
    at: usize,
}

impl Read for Pulled {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.chunk.len() {
            let chunk = self.read.call0(&JsValue::NULL).expect(WHY);
            (self.chunk, self.at) = (chunk.unchecked_into::<Uint8Array>().to_vec(), 0);
        }
        let taken = (&self.chunk[self.at..]).read(buffer)?;
        self.at += taken;
        Ok(taken)
    }
}

struct Pushed(Function);

impl Write for Pushed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let bytes = Uint8Array::from(bytes);
        self.0.call1(&JsValue::NULL, &bytes).expect(WHY);
        Ok(bytes.length() as usize)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
