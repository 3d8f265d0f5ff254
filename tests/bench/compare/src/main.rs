fn main(){ let c = rusqlite::Connection::open_in_memory().unwrap(); println!("{:?}", c.query_row("PRAGMA cipher_version", [], |r| r.get::<_,String>(0))); }
