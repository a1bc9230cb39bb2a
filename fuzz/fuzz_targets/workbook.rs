#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| prorata_fuzz::holds("workbook", data));
