using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rectify.Evaluation;

/// <summary>Where the mean of several networks' scores comes from.</summary>
internal static class CombinedOrigin
{
    /// <summary>Names and fingerprints joined in order, with their weights where these differ; of one network its own. Where a fingerprint is missing there is none.</summary>
    public static ScoreOrigin Of(IReadOnlyList<ScoreOrigin> origins, IReadOnlyList<double> weights)
    {
        if (origins.Count == 1)
        {
            return origins[0];
        }

        bool weighted = weights.Any(weight => weight != weights[0]);
        string Weighted(int m, string text) => weighted ? string.Create(CultureInfo.InvariantCulture, $"{weights[m]}×{text}") : text;
        byte[] models = Encoding.UTF8.GetBytes(string.Join('\n', origins.Select((origin, m) => Weighted(m, origin.ModelFingerprint))));
        static string One(IEnumerable<string> texts, string several) => texts.Distinct(StringComparer.Ordinal).ToArray() is [{ } one] ? one : several;
        return origins[0] with
        {
            Model = string.Join(" + ", origins.Select((origin, m) => Weighted(m, origin.Model))),
            ModelFingerprint = origins.Any(origin => origin.ModelFingerprint.Length == 0) ? "" : Convert.ToHexStringLower(SHA256.HashData(models)),
            View = One(origins.Select(origin => origin.View), "combined"),
            Scales = [.. origins.SelectMany(origin => origin.Scales).Distinct().Order()],
            Kernels = One(origins.Select(origin => origin.Kernels), string.Join(" + ", origins.Select(origin => origin.Kernels).Distinct(StringComparer.Ordinal))),
        };
    }
}
