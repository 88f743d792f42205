using Google.Protobuf;

namespace Rectify.Formats;

/// <summary>TensorBoard's message "Event", of which three kinds are written: the version that begins a file, the start of a session, and scalars.</summary>
/// <remarks>Fields as in tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto, which have not changed since 2015.</remarks>
internal static class EventMessage
{
    // Event
    private const int WallTime = 1;
    private const int Step = 2;
    private const int FileVersion = 3;
    private const int Summary = 5;
    private const int SessionLog = 7;

    // Summary, and its Value
    private const int Value = 1;
    private const int Tag = 1;
    private const int SimpleValue = 2;

    // SessionLog
    private const int Status = 1;
    private const int Start = 1;

    /// <summary>A file's first message.</summary>
    /// <param name="seconds">Since 1970, UTC.</param>
    public static byte[] Version(double seconds) => Message(output =>
    {
        WriteTime(output, seconds, 0);
        output.WriteTag(FileVersion, WireFormat.WireType.LengthDelimited);
        output.WriteString("brain.Event:2");
    });

    /// <summary>Says that events of this step and of those beyond it, in files before this one, are void.</summary>
    public static byte[] SessionStart(double seconds, long step) => Message(output =>
    {
        WriteTime(output, seconds, step);
        WriteNested(output, SessionLog, log =>
        {
            log.WriteTag(Status, WireFormat.WireType.Varint);
            log.WriteEnum(Start);
        });
    });

    /// <summary>Numbers of one step.</summary>
    public static byte[] Scalars(double seconds, long step, IEnumerable<EventScalar> scalars) => Message(output =>
    {
        WriteTime(output, seconds, step);
        WriteNested(output, Summary, summary =>
        {
            foreach (EventScalar scalar in scalars)
            {
                WriteNested(summary, Value, value =>
                {
                    value.WriteTag(Tag, WireFormat.WireType.LengthDelimited);
                    value.WriteString(scalar.Tag);
                    value.WriteTag(SimpleValue, WireFormat.WireType.Fixed32);
                    value.WriteFloat((float)scalar.Value);
                });
            }
        });
    });

    // Step 0 is left out, as proto3 leaves out what is 0.
    private static void WriteTime(CodedOutputStream output, double seconds, long step)
    {
        output.WriteTag(WallTime, WireFormat.WireType.Fixed64);
        output.WriteDouble(seconds);
        if (step != 0)
        {
            output.WriteTag(Step, WireFormat.WireType.Varint);
            output.WriteInt64(step);
        }
    }

    private static void WriteNested(CodedOutputStream output, int field, Action<CodedOutputStream> write)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(UnsafeByteOperations.UnsafeWrap(Message(write)));
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using MemoryStream memory = new();
        using CodedOutputStream output = new(memory, leaveOpen: true);
        write(output);
        output.Flush();
        return memory.ToArray();
    }
}
