//! The program as its users start it: processes, folders, sockets, signals.

mod kill;
mod node;
