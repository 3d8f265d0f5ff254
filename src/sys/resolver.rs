//! Replaces the C library's name resolution.
//!
//! Why: in a static glibc program `getaddrinfo` loads the host's NSS modules at run time. With a module built for another
//! glibc (systemd's, for one) the program dies with SIGSEGV. Any dependency may call it, so the symbol itself is ours:
//! it knows literal addresses and `/etc/hosts`, and never speaks DNS. Names on the network are resolved by the code that
//! needs them.
//!
//! Must not: load anything, or allocate other than by the C allocator (the caller frees with our `freeaddrinfo`).
#![allow(unsafe_code, reason = "these are C functions, called by C and by the standard library")]

use std::{
    ffi::CStr,
    mem::size_of,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    ptr,
};

use libc::{
    AF_INET, AF_INET6, AI_PASSIVE, EAI_MEMORY, EAI_NONAME, SOCK_STREAM, addrinfo, c_char, c_int, c_void, calloc, free,
    sa_family_t, sockaddr, sockaddr_in, sockaddr_in6, socklen_t,
};

const HOSTS: &str = "/etc/hosts";

/// Makes sure that the program holds our functions and not the C library's, whichever a linker would have met first.
pub fn put_in_place() {
    std::hint::black_box((getaddrinfo as *const (), freeaddrinfo as *const ()));
}

/// Resolves a literal address or a name in `/etc/hosts`, as POSIX `getaddrinfo` would.
///
/// # Safety
/// As the C function: `node` and `service` are null or C strings, `hints` is null or valid, `result` can be written.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn getaddrinfo(
    node: *const c_char,
    service: *const c_char,
    hints: *const addrinfo,
    result: *mut *mut addrinfo,
) -> c_int {
    // SAFETY: the caller keeps to the contract above.
    let (node, service, hints) = unsafe { (text(node), text(service), hints.as_ref()) };
    let (Ok(node), Ok(service)) = (node, service) else { return EAI_NONAME };
    let Ok(port) = service.map_or(Ok(0), str::parse) else { return EAI_NONAME };
    let family = hints.map_or(0, |hints| hints.ai_family);
    let passive = hints.is_some_and(|hints| hints.ai_flags & AI_PASSIVE != 0);
    let socktype = hints.map_or(0, |hints| hints.ai_socktype);
    let socktype = if socktype == 0 { SOCK_STREAM } else { socktype };
    let wanted = |ip: &IpAddr| family == 0 || family == if ip.is_ipv4() { AF_INET } else { AF_INET6 };
    let found = addresses(node, passive).into_iter().filter(wanted).map(|ip| SocketAddr::new(ip, port));
    let mut head = ptr::null_mut();
    for address in found.rev() {
        let node = make_node(address, socktype, head);
        if node.is_null() {
            // SAFETY: `head` is a list made here, or null.
            unsafe { freeaddrinfo(head) };
            return EAI_MEMORY;
        }
        head = node;
    }
    if head.is_null() {
        return EAI_NONAME;
    }
    // SAFETY: the caller promises that `result` can be written.
    unsafe { *result = head };
    0
}

/// Frees a list made by our [`getaddrinfo`].
///
/// # Safety
/// `list` is null or came from our `getaddrinfo` and was not freed before.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn freeaddrinfo(mut list: *mut addrinfo) {
    while !list.is_null() {
        // SAFETY: each node and its address were made by `calloc` in `make_node`, and are freed once.
        unsafe {
            let next = (*list).ai_next;
            free((*list).ai_addr.cast());
            free(list.cast());
            list = next;
        }
    }
}

/// # Safety
/// `pointer` is null or a C string that outlives the result.
unsafe fn text<'a>(pointer: *const c_char) -> Result<Option<&'a str>, std::str::Utf8Error> {
    if pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: promised by the caller.
    unsafe { CStr::from_ptr(pointer) }.to_str().map(Some)
}

fn addresses(node: Option<&str>, passive: bool) -> Vec<IpAddr> {
    match node {
        None if passive => vec![Ipv6Addr::UNSPECIFIED.into(), Ipv4Addr::UNSPECIFIED.into()],
        None => vec![Ipv6Addr::LOCALHOST.into(), Ipv4Addr::LOCALHOST.into()],
        Some(name) => match name.parse() {
            Ok(ip) => vec![ip],
            Err(_) => named(name, &std::fs::read_to_string(HOSTS).unwrap_or_default()),
        },
    }
}

/// The addresses of a name in the text of a hosts file. `localhost` needs no entry (RFC 6761).
fn named(name: &str, hosts: &str) -> Vec<IpAddr> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let of_line = |line: &str| {
        let mut words = line.split('#').next()?.split_whitespace();
        let ip = words.next()?.parse().ok()?;
        words.any(|word| word.eq_ignore_ascii_case(name)).then_some(ip)
    };
    let mut found: Vec<IpAddr> = hosts.lines().filter_map(of_line).collect();
    if found.is_empty() && name.eq_ignore_ascii_case("localhost") {
        found = vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()];
    }
    found
}

/// One node before `next`, or null when memory ran out.
fn make_node(address: SocketAddr, socktype: c_int, next: *mut addrinfo) -> *mut addrinfo {
    let size = if address.is_ipv4() { size_of::<sockaddr_in>() } else { size_of::<sockaddr_in6>() };
    // SAFETY: `calloc` gives zeroed, aligned memory or null; the structures are plain data for which zero is valid;
    // only fields inside the allocated size are written.
    unsafe {
        let node: *mut addrinfo = calloc(1, size_of::<addrinfo>()).cast();
        let place: *mut sockaddr = calloc(1, size).cast();
        if node.is_null() || place.is_null() {
            free(node.cast());
            free(place.cast());
            return ptr::null_mut();
        }
        fill(place, address);
        (*node).ai_family = if address.is_ipv4() { AF_INET } else { AF_INET6 };
        (*node).ai_socktype = socktype;
        (*node).ai_addr = place;
        (*node).ai_addrlen = socklen_t::try_from(size).unwrap_or(0);
        (*node).ai_next = next;
        node
    }
}

/// # Safety
/// `place` is zeroed, aligned memory of the size of the address family's structure.
unsafe fn fill(place: *mut sockaddr, address: SocketAddr) {
    match address {
        SocketAddr::V4(v4) => {
            // SAFETY: promised by the caller; `calloc` aligns for any type.
            let place = unsafe { &mut *place.cast::<c_void>().cast::<sockaddr_in>() };
            place.sin_family = family(AF_INET);
            place.sin_port = v4.port().to_be();
            place.sin_addr.s_addr = u32::from_ne_bytes(v4.ip().octets());
        }
        SocketAddr::V6(v6) => {
            // SAFETY: as above.
            let place = unsafe { &mut *place.cast::<c_void>().cast::<sockaddr_in6>() };
            place.sin6_family = family(AF_INET6);
            place.sin6_port = v6.port().to_be();
            place.sin6_addr.s6_addr = v6.ip().octets();
        }
    }
}

fn family(constant: c_int) -> sa_family_t {
    sa_family_t::try_from(constant).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::net::ToSocketAddrs;

    use super::*;

    #[test]
    fn the_standard_library_resolves_through_us() {
        let found: Vec<SocketAddr> = ("localhost", 8443).to_socket_addrs().unwrap().collect();
        assert!(found.iter().any(|address| address.ip().is_loopback() && address.port() == 8443));
        assert!(("no-such-name.example", 1).to_socket_addrs().is_err());
    }

    #[test]
    fn a_hosts_file_is_read_as_others_read_it() {
        let hosts = "# comment\n192.0.2.7 box Box.example # trailing\n2001:db8::7\tbox\nbroken line\n";
        let found = named("BOX.", hosts);
        assert_eq!(found, ["192.0.2.7".parse::<IpAddr>().unwrap(), "2001:db8::7".parse().unwrap()]);
        assert_eq!(named("other", hosts), Vec::<IpAddr>::new());
        assert!(named("localhost", "").iter().all(IpAddr::is_loopback));
    }
}
