namespace Rectify.Tests;

/// <summary>A clock that stands.</summary>
internal sealed class FixedClock : TimeProvider
{
    public static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_250);

    public override DateTimeOffset GetUtcNow() => Now;
}
