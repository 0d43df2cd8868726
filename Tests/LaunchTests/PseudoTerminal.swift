import Foundation
import Synchronization

/// A terminal that a test reads from the other side, and what stands on its screen.
final class PseudoTerminal: Sendable {
    /// What the process gets as its stderr.
    let device: FileHandle
    private let controller: FileHandle
    private let columns: Int
    private let rows: Int
    private let received = Mutex(Data())

    /// TIOCSPTLCK and TIOCGPTN of ioctl_tty(2).
    private static let (setLock, getNumber): (UInt, UInt) = (0x4004_5431, 0x8004_5430)

    init(columns: Int, rows: Int) throws {
        let descriptor = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (number, lock): (Int32, Int32) = (0, 0)
        guard descriptor >= 0, ioctl(descriptor, Self.setLock, &lock) == 0,
            ioctl(descriptor, Self.getNumber, &number) == 0
        else { throw POSIXError(.ENOTTY) }
        var size = winsize(
            ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(descriptor, UInt(TIOCSWINSZ), &size)
        (self.columns, self.rows) = (columns, rows)
        controller = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        device = FileHandle(
            fileDescriptor: open("/dev/pts/\(number)", O_RDWR | O_NOCTTY), closeOnDealloc: true)
    }

    /// Takes in what was written so far.
    func drain() {
        var waiting = pollfd(fd: controller.fileDescriptor, events: Int16(POLLIN), revents: 0)
        while poll(&waiting, 1, 0) > 0, waiting.revents & Int16(POLLIN) != 0 {
            let data = controller.availableData
            received.withLock { $0 += data }
        }
    }

    /// Types a line.
    func type(_ line: String) throws { try controller.write(contentsOf: Data("\(line)\n".utf8)) }

    var text: String { received.withLock { String(decoding: $0, as: UTF8.self) } }

    /// Every line since the beginning, scrolled away or not, as a terminal of this size would
    /// have left it; a line that went over the edge goes on in the next.
    var lines: [String] {
        var lines: [[Character]] = [[]]
        var (row, column) = (0, 0)
        var rest = Array(text.replacing("\r\n", with: "\n"))[...]
        while let character = rest.popFirst() {
            if character == "\u{1B}" {
                let sequence = rest.prefix { !$0.isLetter }
                let command = rest.dropFirst(sequence.count).first
                rest = rest.dropFirst(sequence.count + 1)
                switch command {
                case "A":
                    let top = max(0, lines.count - rows)
                    row = max(top, row - (Int(String(sequence.dropFirst())) ?? 1))
                case "J": lines.replaceSubrange(row..., with: [Array(lines[row].prefix(column))])
                default: break
                }
                continue
            }
            if character == "\r" {
                column = 0
                continue
            }
            if character == "\n" || column == columns {
                (row, column) = (row + 1, 0)
                if row == lines.count { lines.append([]) }
                if character == "\n" { continue }
            }
            if column < lines[row].count {
                lines[row][column] = character
            } else {
                lines[row].append(character)
            }
            column += 1
        }
        return lines.map { String($0) }
    }
}
