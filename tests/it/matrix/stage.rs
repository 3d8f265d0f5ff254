//! A practice with everybody in it who may ask, and an object of each kind that belongs to somebody.

use alcove::app::file::FileMade;
use alcove::app::recovery::NewCase;
use alcove::crypto::sign::sha256;
use alcove::domain::device::Device;
use alcove::domain::id::{CaseId, ClientId, DeviceId, FileId, InviteId, PersonId, ReviewId, RoleId, SlotId};
use alcove::domain::link::{Link, LinkFor};
use alcove::domain::person::{Person, PersonState, SuspendedWhy};
use alcove::domain::recovery::Purpose;
use alcove::domain::role::Role;
use alcove::domain::session::Strength;
use alcove::http::api;
use alcove::policy::{Right, Rights};
use alcove::store::{Reads as _, StoreError};
use poem::{EndpointExt as _, Route};

use crate::joining::join;
use crate::recovery::set_up;
use crate::sharing::cookie;
use crate::support::Site;
use crate::world::account::outside;
use crate::world::sign::{Chain, Keys};
use crate::world::{World, actor, file_id, nowhere, record};

/// Who asks. The order is that of the golden file's columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    Anonymous,
    /// The owner, after signing out.
    Ended,
    /// The owner, locked.
    Locked,
    /// A client, in another client's space only.
    Stranger,
    /// A practitioner who is in no space.
    Outsider,
    /// A practitioner who was suspended after signing in.
    Suspended,
    /// Works in the practice without clients.
    Staff,
    /// By a role of the practice's own making: may see and change people.
    Helper,
    Admin,
    /// The client whose space it is.
    Client,
    Owner,
}

impl Who {
    pub const ALL: [Self; 11] = [
        Self::Anonymous,
        Self::Ended,
        Self::Suspended,
        Self::Locked,
        Self::Stranger,
        Self::Outsider,
        Self::Staff,
        Self::Client,
        Self::Helper,
        Self::Admin,
        Self::Owner,
    ];

    /// Whether nobody may tell them that an object of Anna's space is there.
    pub fn is_strange(self) -> bool {
        !matches!(self, Self::Client | Self::Owner | Self::Locked)
    }
}

/// The practice, served.
pub struct Stage {
    pub world: World,
    pub site: Site,
    pub owner: Keys,
    pub anna: Keys,
    /// The space of the client Anna, whose objects are asked for.
    pub chain: Chain,
    pub client: ClientId,
    /// An invite into a space that nobody joined yet, with its key and chain.
    pub invite: (InviteId, Keys, Chain),
    /// A role that nobody has.
    pub role: RoleId,
    /// An open review.
    review: ReviewId,
    /// A case about Anna.
    case: CaseId,
    /// The statement of the plan for bringing people back, with the owner's sole paper.
    pub plan: String,
    /// Somebody who agreed to it and whom no case is about.
    pub agreed: Keys,
    /// A link of the owner's.
    link: SlotId,
    stranger: Keys,
    outsider: Keys,
}

/// Staff, helper, admin, suspended: people whose keys need no name of their own.
const STAFF: u8 = 11;
const HELPER: u8 = 12;
const ADMIN: u8 = 13;
const SUSPENDED: u8 = 14;
/// Whom `{person}` stands for: somebody of the staff whom no column asks as.
const SOMEBODY: u8 = 15;

/// The owner's other device.
const OTHER_DEVICE: DeviceId = DeviceId::from_bytes([0x77; 16]);

pub const CONTENT: &[u8] = b"age-encryption.org/v1\nfile";
/// Committed, complete but not committed, begun: all of them the owner's.
pub const FILES: [u8; 3] = [1, 2, 3];

impl Stage {
    pub async fn set() -> Self {
        let (world, owner, _) = World::founded();
        world.prove(&owner);
        let (client, mut chain) = world.client(&owner, 1);
        let (invite, key) = world.invite(&owner, client, &mut chain, 2);
        let (anna, stranger, outsider) = (Keys::of(5), Keys::of(3), Keys::of(4));
        let (request, chain) = join(&anna, &owner, invite, &key, &chain);
        world.app.join(&outside(), invite, request).unwrap();
        world.prove(&anna);
        world.add(&stranger, Role::Client);
        world.add(&outsider, Role::Practitioner);
        let role = colleagues(&world, &owner);
        let (_, mut theirs) = world.client(&owner, 2);
        world.admit(&owner, &stranger, &mut theirs);
        let (third, mut open) = world.client(&owner, 3);
        let (invite, key) = world.invite(&owner, third, &mut open, 30);
        world.app.write_record(&actor(&anna, Role::Client), None, chain.space, &record(1, 2, "anna's")).unwrap();
        let link = link(&world, &owner);
        other_device(&world, &owner);
        files(&world, &owner, &chain);
        let review = world.app.open_review(&actor(&owner, Role::Owner)).unwrap().review.id;
        let (plan, case) = recovery(&world, &owner, &anna);
        let agreed = Keys::of(SOMEBODY);
        let routes = Route::new().nest(api::BASE, api::routes()).data(world.app.clone());
        let limits = alcove::config::Limits { attempts_burst: 10_000, ..alcove::config::Limits::default() };
        let site = Site::start(limits, routes).await;
        let invite = (invite, key, open);
        Self {
            world,
            site,
            owner,
            anna,
            chain,
            client,
            invite,
            role,
            review,
            case,
            plan,
            agreed,
            link,
            stranger,
            outsider,
        }
    }

    /// The cookie line of whoever asks.
    pub fn cookie(&self, who: Who) -> String {
        let others = [STAFF, HELPER, ADMIN, SUSPENDED].map(Keys::of);
        let keys = match who {
            Who::Anonymous => return String::new(),
            Who::Ended | Who::Locked | Who::Owner => &self.owner,
            Who::Stranger => &self.stranger,
            Who::Outsider => &self.outsider,
            Who::Client => &self.anna,
            Who::Staff => &others[0],
            Who::Helper => &others[1],
            Who::Admin => &others[2],
            Who::Suspended => &others[3],
        };
        let pair = cookie(&self.world, keys);
        let token = alcove::crypto::token::Token::parse(pair.split_once('=').unwrap().1).unwrap();
        let asker = self.world.asker(&token);
        match who {
            Who::Ended => self.world.app.end_session(&asker).unwrap(),
            Who::Locked => self.world.app.lock_session(&asker).unwrap(),
            Who::Suspended => suspend(&self.world, keys),
            _ => (),
        }
        format!("Cookie: {pair}\r\n")
    }

    /// The path with the ids of objects that are there.
    pub fn there(&self, method: &str, path: &str) -> String {
        let file = match (method, path.rsplit('/').next().unwrap()) {
            ("GET", "content") => FILES[0],
            ("POST", "commit") => FILES[1],
            _ => FILES[2],
        };
        let ids = (self.chain.space.to_string(), self.client.to_string(), file_id(file), self.invite.0);
        let path = path.replace("{person}", &Keys::of(SOMEBODY).person.to_string());
        let path = path.replace("{case}", &self.case.to_string());
        let path = path.replace("{review}", &self.review.to_string()).replace("{device}", &OTHER_DEVICE.to_string());
        let path = path.replace("{slot}", &self.link.to_string()).replace("{role}", &self.role.to_string());
        filled(&path, &ids.0, &ids.1, ids.2, ids.3)
    }

    /// The path with ids of the same form that nothing has.
    pub fn absent(path: &str) -> String {
        let client = ClientId::from_bytes([0xee; 16]).to_string();
        let path = path.replace("{person}", &PersonId::from_bytes([0xee; 16]).to_string());
        let path = path.replace("{case}", &CaseId::from_bytes([0xee; 16]).to_string());
        let path = path.replace("{slot}", &SlotId::from_bytes([0xee; 16]).to_string());
        let path = path.replace("{device}", &DeviceId::from_bytes([0xee; 16]).to_string());
        let path = path.replace("{review}", &ReviewId::from_bytes([0xee; 16]).to_string());
        let path = &path.replace("{role}", &RoleId::from_bytes([0xee; 16]).to_string());
        filled(path, &nowhere().to_string(), &client, file_id(0xee), InviteId::from_bytes([0xee; 16]))
    }
}

fn filled(path: &str, space: &str, client: &str, file: FileId, invite: InviteId) -> String {
    let path = path.replace("{space}", space).replace("{client}", client).replace("{file}", &file.to_string());
    let path = path.replace("{invite}", &invite.to_string());
    path.replace("{record}", &record(1, 1, "").record.to_string())
        .replace("{rev}", "1")
        .replace("{key}", "key_00000000000000000000000001")
        .replace("{offset}", "0")
}

/// Suspended behind the use cases' backs, so that the session is there yet.
fn suspend(world: &World, keys: &Keys) {
    let state = PersonState::Suspended { at: world.clock.now(), why: SuspendedWhy::Operator };
    let found: Result<Option<Person>, StoreError> = world.store.read(|tx| tx.find(&keys.person));
    world.put(&Person { state, ..found.unwrap().unwrap() });
}

/// People who work in the practice beside the owner; gives a role that nobody has.
fn colleagues(world: &World, owner: &Keys) -> RoleId {
    let rights = Rights::from_all(&[Right::SeePeople, Right::ManagePeople]);
    let acts = actor(owner, Role::Owner);
    let helping = world.app.add_role(&acts, "Front desk", rights).unwrap().role;
    let spare = world.app.add_role(&acts, "Books", Rights::NONE).unwrap().role;
    for (n, role) in [
        (STAFF, Role::Staff),
        (HELPER, helping),
        (ADMIN, Role::Admin),
        (SUSPENDED, Role::Practitioner),
        (SOMEBODY, Role::Staff),
    ] {
        world.add(&Keys::of(n), role);
    }
    spare.custom().unwrap()
}

/// A device of the owner's beside the one that they ask by.
fn other_device(world: &World, owner: &Keys) {
    let (person, at) = (owner.person, world.clock.now());
    let (label, name, network) = ("Phone".to_owned(), None, None);
    world.put(&Device { device: OTHER_DEVICE, person, label, name, network, first_seen_at: at, last_seen_at: at });
}

/// A plan with the owner's sole paper, to which Anna and somebody agreed, and a case about Anna.
fn recovery(world: &World, owner: &Keys, anna: &Keys) -> (String, CaseId) {
    let acts = actor(owner, Role::Owner);
    let statement = set_up(world, &[owner], 1, None);
    for (keys, role) in [(anna, Role::Client), (&Keys::of(SOMEBODY), Role::Staff)] {
        world.app.agree_to_recovery(&actor(keys, role), 1).unwrap();
    }
    let asked = NewCase {
        person: anna.person,
        purpose: Purpose::Return,
        reason: "lost the phone".to_owned(),
        halves: Vec::new(),
    };
    (statement, world.app.ask_recovery(&acts, asked).unwrap().case.case)
}

/// A link that the owner made for another device.
fn link(world: &World, owner: &Keys) -> SlotId {
    let (slot, made_at) = (SlotId::from_bytes([6; 16]), world.clock.now());
    world.put(&Link {
        person: owner.person,
        slot,
        made_for: LinkFor::Device,
        by: None,
        strength: Strength::Strong,
        made_at,
        used: None,
        closed_at: None,
    });
    slot
}

fn files(world: &World, owner: &Keys, chain: &Chain) {
    let acts = actor(owner, Role::Owner);
    for n in FILES {
        let made = FileMade { file: file_id(n), size_bytes: CONTENT.len() as u64, sha256: sha256(CONTENT) };
        world.app.begin_file(&acts, None, chain.space, &made).unwrap();
        if n != FILES[2] {
            world.app.append_file(&acts, made.file, 0, CONTENT).unwrap();
        }
        if n == FILES[0] {
            world.app.commit_file(&acts, made.file).unwrap();
        }
    }
}
