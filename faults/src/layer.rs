//! The file layer itself: SQLite's own one for Unix, with a look at the plan before each call.
//!
//! SQLite calls through tables of function pointers. The table of the file system is copied from
//! the real one, and three of its functions are replaced. An open file is a [`File`], which contains
//! the real one.
#![expect(unsafe_code, reason = "SQLite's file layers are tables of C functions")]

use std::{
    ffi::{CStr, c_char, c_int, c_void},
    mem::offset_of,
    ptr,
    sync::{Mutex, OnceLock, PoisonError},
};

use libsqlite3_sys as ffi;

use crate::{
    call::{Call, Kind},
    plan::{Failure, Plan},
};

/// The name under which SQLite knows the layer.
const NAME: &CStr = c"prorata-faults";

/// The real layer, and what is to go wrong.
struct Layer {
    real: *mut ffi::sqlite3_vfs,
    plan: Mutex<Plan>,
}

// SAFETY: the real layer is registered for the life of the process and is never changed; SQLite
// itself calls it from any thread.
unsafe impl Send for Layer {}
// SAFETY: as for `Send`; the plan is behind a lock.
unsafe impl Sync for Layer {}

static LAYER: OnceLock<Layer> = OnceLock::new();

/// An open file: what SQLite sees, its name, and the real file.
#[repr(C)]
struct File {
    base: ffi::sqlite3_file,
    name: *mut String,
    /// The first bytes of the real file, which is as large as the real layer says.
    real: ffi::sqlite3_file,
}

static METHODS: ffi::sqlite3_io_methods = ffi::sqlite3_io_methods {
    // The first version has neither shared memory nor mapped files, and a ledger uses neither.
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

/// Registers the layer under every connection that is opened from now on.
pub(crate) fn register(plan: Plan) {
    // SAFETY: SQLite initializes itself, and returns its default layer or null.
    let real = unsafe { ffi::sqlite3_vfs_find(ptr::null()) };
    // SAFETY: what was found is registered and stays so.
    let found = unsafe { real.as_ref() }.expect("SQLite has a layer for this system");
    let size =
        offset_of!(File, real) + usize::try_from(found.szOsFile).expect("a size is not negative");
    let vfs = ffi::sqlite3_vfs {
        szOsFile: c_int::try_from(size).expect("a file of some hundred bytes"),
        pNext: ptr::null_mut(),
        zName: NAME.as_ptr(),
        xOpen: Some(open),
        xDelete: Some(delete),
        xAccess: Some(access),
        ..*found
    };
    assert!(
        LAYER
            .set(Layer {
                real,
                plan: Mutex::new(plan)
            })
            .is_ok(),
        "the layer is installed once"
    );
    // SAFETY: the table lives as long as the process, since it is leaked.
    let registered = unsafe { ffi::sqlite3_vfs_register(Box::leak(Box::new(vfs)), 1) };
    assert_eq!(registered, ffi::SQLITE_OK, "SQLite takes the layer");
}

fn layer() -> &'static Layer {
    LAYER.get().expect("only a registered layer is called")
}

/// Asks the plan before a call is made.
fn failure(kind: Kind, file: &str, at: u64, bytes: &[u8]) -> Option<Failure> {
    let call = Call {
        kind,
        file: file.to_owned(),
        at,
        bytes: bytes.to_vec(),
    };
    layer()
        .plan
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .failure(&call)
}

/// Returns the last component of a path. A file without a name is a temporary one.
///
/// # Safety
/// `path` is null or a string that ends in a zero byte.
unsafe fn name_of(path: *const c_char) -> String {
    if path.is_null() {
        return String::new();
    }
    // SAFETY: as promised above.
    let path = unsafe { CStr::from_ptr(path) }.to_string_lossy();
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

fn place(at: ffi::sqlite3_int64) -> u64 {
    u64::try_from(at).expect("a place in a file is not negative")
}

/// Returns the name of an open file, its real file, and the functions of that.
///
/// # Safety
/// `file` is one that `open` filled, and is not closed.
unsafe fn parts<'a>(
    file: *mut ffi::sqlite3_file,
) -> (&'a str, *mut ffi::sqlite3_file, &'a ffi::sqlite3_io_methods) {
    let file: *mut File = file.cast();
    // SAFETY: `open` wrote a name and opened the real file, whose functions are static.
    unsafe {
        let real = &raw mut (*file).real;
        ((*(*file).name).as_str(), real, &*(*real).pMethods)
    }
}

/// Calls a function of the real file.
macro_rules! really {
    ($methods:expr, $name:ident, $($argument:expr),+) => {
        // SAFETY: the real layer fills in every function of its first version, and the arguments
        // are what SQLite gave.
        unsafe { $methods.$name.expect("a function of the first version")($($argument),+) }
    };
}

unsafe extern "C" fn open(
    _: *mut ffi::sqlite3_vfs,
    path: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    let shown: *mut File = file.cast();
    // SAFETY: SQLite gives room for as many bytes as the layer asked for, and a path that ends in a
    // zero byte or none.
    let (name, real) = unsafe {
        (*shown).base.pMethods = ptr::null();
        (*shown).real.pMethods = ptr::null();
        (name_of(path), &raw mut (*shown).real)
    };
    if failure(Kind::Open, &name, 0, &[]).is_some() {
        return ffi::SQLITE_CANTOPEN;
    }
    let vfs = layer().real;
    // SAFETY: the real layer is there for the life of the process.
    let opened = really!((*vfs), xOpen, vfs, path, real, flags, out);
    if opened == ffi::SQLITE_OK {
        // SAFETY: as above; the name is freed by `close`.
        unsafe {
            (*shown).name = Box::into_raw(Box::new(name));
            (*shown).base.pMethods = &raw const METHODS;
        }
    }
    opened
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite closes what it opened, once.
    let (name, real, methods) = unsafe { parts(file) };
    let failed = failure(Kind::Close, name, 0, &[]).is_some();
    let closed = really!(methods, xClose, real);
    // SAFETY: `open` made the name of a box, and nobody uses it from here on.
    drop(unsafe { Box::from_raw((*file.cast::<File>()).name) });
    if failed {
        ffi::SQLITE_IOERR_CLOSE
    } else {
        closed
    }
}

unsafe extern "C" fn read(
    file: *mut ffi::sqlite3_file,
    to: *mut c_void,
    count: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite reads from what it opened.
    let (name, real, methods) = unsafe { parts(file) };
    if failure(Kind::Read, name, place(at), &[]).is_some() {
        return ffi::SQLITE_IOERR_READ;
    }
    really!(methods, xRead, real, to, count, at)
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    count: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    // SAFETY: SQLite writes to what it opened.
    let (name, real, methods) = unsafe { parts(file) };
    let length = usize::try_from(count).expect("a length is not negative");
    // SAFETY: SQLite gives as many bytes as it says.
    let bytes = unsafe { std::slice::from_raw_parts(from.cast::<u8>(), length) };
    match failure(Kind::Write, name, place(at), bytes) {
        None => really!(methods, xWrite, real, from, count, at),
        Some(Failure::Full) => {
            really!(methods, xWrite, real, from, count / 2, at);
            ffi::SQLITE_FULL
        }
        Some(Failure::Failed(_) | Failure::Folder) => ffi::SQLITE_IOERR_WRITE,
    }
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    // SAFETY: SQLite cuts what it opened.
    let (name, real, methods) = unsafe { parts(file) };
    if failure(Kind::Truncate, name, place(size), &[]).is_some() {
        return ffi::SQLITE_IOERR_TRUNCATE;
    }
    really!(methods, xTruncate, real, size)
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: SQLite syncs what it opened.
    let (name, real, methods) = unsafe { parts(file) };
    if failure(Kind::Sync, name, 0, &[]).is_some() {
        return ffi::SQLITE_IOERR_FSYNC;
    }
    really!(methods, xSync, real, flags)
}

unsafe extern "C" fn size(file: *mut ffi::sqlite3_file, size: *mut ffi::sqlite3_int64) -> c_int {
    // SAFETY: SQLite asks about what it opened.
    let (name, real, methods) = unsafe { parts(file) };
    if failure(Kind::Size, name, 0, &[]).is_some() {
        return ffi::SQLITE_IOERR_FSTAT;
    }
    really!(methods, xFileSize, real, size)
}

unsafe extern "C" fn lock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite locks what it opened.
    let (name, real, methods) = unsafe { parts(file) };
    if failure(Kind::Lock, name, 0, &[]).is_some() {
        return ffi::SQLITE_IOERR_LOCK;
    }
    really!(methods, xLock, real, level)
}

unsafe extern "C" fn unlock(file: *mut ffi::sqlite3_file, level: c_int) -> c_int {
    // SAFETY: SQLite unlocks what it opened.
    let (name, real, methods) = unsafe { parts(file) };
    if failure(Kind::Unlock, name, 0, &[]).is_some() {
        return ffi::SQLITE_IOERR_UNLOCK;
    }
    really!(methods, xUnlock, real, level)
}

unsafe extern "C" fn reserved(file: *mut ffi::sqlite3_file, found: *mut c_int) -> c_int {
    // SAFETY: SQLite asks about what it opened.
    let (name, real, methods) = unsafe { parts(file) };
    if failure(Kind::Reserved, name, 0, &[]).is_some() {
        return ffi::SQLITE_IOERR_CHECKRESERVEDLOCK;
    }
    really!(methods, xCheckReservedLock, real, found)
}

unsafe extern "C" fn control(
    file: *mut ffi::sqlite3_file,
    what: c_int,
    argument: *mut c_void,
) -> c_int {
    // SAFETY: SQLite asks about what it opened.
    let (_, real, methods) = unsafe { parts(file) };
    really!(methods, xFileControl, real, what, argument)
}

unsafe extern "C" fn sector_size(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite asks about what it opened.
    let (_, real, methods) = unsafe { parts(file) };
    really!(methods, xSectorSize, real)
}

unsafe extern "C" fn characteristics(file: *mut ffi::sqlite3_file) -> c_int {
    // SAFETY: SQLite asks about what it opened.
    let (_, real, methods) = unsafe { parts(file) };
    really!(methods, xDeviceCharacteristics, real)
}

unsafe extern "C" fn delete(
    _: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    sync_folder: c_int,
) -> c_int {
    // SAFETY: SQLite gives a path that ends in a zero byte.
    let name = unsafe { name_of(path) };
    let failure = failure(Kind::Delete, &name, u64::from(sync_folder != 0), &[]);
    let vfs = layer().real;
    match failure {
        // SAFETY: the real layer is there for the life of the process.
        None => really!((*vfs), xDelete, vfs, path, sync_folder),
        Some(Failure::Folder) => {
            really!((*vfs), xDelete, vfs, path, 0);
            ffi::SQLITE_IOERR_DIR_FSYNC
        }
        Some(Failure::Failed(_) | Failure::Full) => ffi::SQLITE_IOERR_DELETE,
    }
}

unsafe extern "C" fn access(
    _: *mut ffi::sqlite3_vfs,
    path: *const c_char,
    flags: c_int,
    found: *mut c_int,
) -> c_int {
    // SAFETY: SQLite gives a path that ends in a zero byte.
    let name = unsafe { name_of(path) };
    if failure(Kind::Access, &name, 0, &[]).is_some() {
        return ffi::SQLITE_IOERR_ACCESS;
    }
    let vfs = layer().real;
    really!((*vfs), xAccess, vfs, path, flags, found)
}
