//! Numbers: what is read is what was written, to the last digit, and what is shown is read again.

use prorata::domain::quantity::{
    Cut, LpTokens, Money, Percentage, Quantity, QuantityKind, WideTotal,
};
use rust_decimal::Decimal;

use super::said;

pub(crate) fn reads(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    drop((
        Quantity::<Money>::parse(text),
        Quantity::<LpTokens>::parse(text),
        Cut::parse(text),
    ));
    drop((
        Quantity::<Percentage>::parse(text),
        Quantity::<WideTotal>::parse(text),
    ));
    let _ = Quantity::<Money>::from_canonical(text);
}

pub(crate) fn holds(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    one::<Money>(text);
    one::<LpTokens>(text);
    one::<Percentage>(text);
    one::<WideTotal>(text);
    cut(text);
}

/// Reads the digits again, without a decimal library, in ten-millionths; `None` if it is not such
/// number.
fn units<K: QuantityKind>(text: &str) -> Option<i128> {
    let (whole, fraction) = match text.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => (whole, fraction),
        Some(_) => return None,
        None => (text, ""),
    };
    if whole.is_empty()
        || !whole
            .bytes()
            .chain(fraction.bytes())
            .all(|byte| byte.is_ascii_digit())
    {
        return None;
    }
    let (whole, fraction) = (
        whole.trim_start_matches('0'),
        fraction.trim_end_matches('0'),
    );
    if whole.len() > K::INTEGER_DIGITS || fraction.len() > 7 {
        return None;
    }
    format!("0{whole}{fraction:0<7}").parse().ok()
}

fn one<K: QuantityKind>(text: &str) {
    let read = Quantity::<K>::parse(text);
    assert_eq!(
        read.as_ref().ok().map(|read| read.units()),
        units::<K>(text),
        "{} of {text:?}",
        K::NAME
    );
    match read {
        Ok(read) => {
            let canonical = read.canonical();
            assert_eq!(Quantity::<K>::from_canonical(&canonical), Some(read));
            for shown in [
                canonical,
                read.plain(0),
                read.plain(2),
                read.grouped(2).replace(',', ""),
            ] {
                assert_eq!(Quantity::<K>::parse(&shown), Ok(read), "{shown}");
            }
            // The decimal library has room for 28 digits.
            if let Ok(decimal) = Decimal::from_str_exact(text) {
                assert_eq!(
                    decimal,
                    Decimal::from_i128_with_scale(read.units(), 7),
                    "{text:?}"
                );
            }
        }
        Err(error) => {
            let said = error.to_string();
            said::harmless(&said);
            assert!(said.len() < 400, "a message of {} bytes", said.len());
        }
    }
    if let Some(read) = Quantity::<K>::from_canonical(text) {
        assert_eq!(read.canonical(), text);
    }
}

/// Asserts that nothing is lost where tokens are cut.
fn cut(text: &str) {
    let Ok(Cut { tokens, cut }) = Cut::parse(text) else {
        return;
    };
    if let Ok(decimal) = Decimal::from_str_exact(text) {
        let kept = Decimal::from_i128_with_scale(tokens.units(), 7);
        assert_eq!(decimal.checked_sub(kept), Some(cut), "{text:?}");
    }
}
